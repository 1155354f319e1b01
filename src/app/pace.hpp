// What the runs of due work in one process remember of each other: whose turn it is, and which
// services outside have been slow.
//
// Work that waits for a service (a mail server, a processor, a host's handler) goes in a lane. A
// lane that was slow is entered by one thread at a time: where a host has several, a service that
// hangs holds one of them.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "resys/due_work.hpp"
#include "resys/time.hpp"

namespace resys::app {

class Pace {
 public:
  // 0, 1, 2 ... of each part, so that threads with parts of their own do not share the turns.
  std::size_t next_turn(DueWorkPart part);

  // It was slow when somebody was last in it, or somebody has been in it for too long.
  bool is_slow(const std::string& lane, Timestamp now) const;
  // False if it is slow and somebody is in it.
  bool is_open(const std::string& lane, Timestamp now) const;

  // Thread-safe like all of it. Whoever enters also leaves.
  bool enter(const std::string& lane, Timestamp now);
  void leave(const std::string& lane, Timestamp entered, Timestamp now);

 private:
  struct Lane {
    bool was_slow = false;
    std::vector<Timestamp> inside;  // when those who are in it entered
  };
  static bool is_slow(const Lane& lane, Timestamp now);

  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Lane> lanes_;
  std::map<DueWorkPart, std::size_t> turns_;
};

}  // namespace resys::app
