// What the runs of background work in one process share: which store has its turn, and which
// outside services have been slow.
//
// Work that waits for a service (a mail server, a processor, a host's handler) runs in a lane. Only
// one thread at a time enters a lane that was slow. So a service that hangs holds up one thread of
// the host, not all of them.
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
  // Counts 0, 1, 2 ... for each part, so that threads with parts of their own do not share the
  // turns.
  std::size_t next_turn(DueWorkPart part);

  // Whether the last visit to the lane was slow, or a thread has been in it for too long.
  bool is_slow(const std::string& lane, Timestamp now) const;
  // Whether a thread may enter: false if the lane is slow and another thread is in it.
  bool is_open(const std::string& lane, Timestamp now) const;

  // Returns false if the lane is not open. A thread that has entered must leave. All of these are
  // thread-safe.
  bool enter(const std::string& lane, Timestamp now);
  void leave(const std::string& lane, Timestamp entered, Timestamp now);

 private:
  struct Lane {
    bool was_slow = false;
    std::vector<Timestamp> inside;  // when the threads inside have entered
  };
  static bool is_slow(const Lane& lane, Timestamp now);

  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Lane> lanes_;
  std::map<DueWorkPart, std::size_t> turns_;
};

}  // namespace resys::app
