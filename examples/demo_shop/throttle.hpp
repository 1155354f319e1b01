// Counts what has failed, so that passwords and codes cannot be guessed by trying.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "resys/time.hpp"

namespace demo {

// Safe to use from several threads.
class Throttle {
 public:
  // So many failures of one address in ten minutes, then it has to wait.
  explicit Throttle(int most) : most_(most) {}

  // Seconds until the address may try again; 0: now.
  std::int64_t wait(const std::string& address, resys::Timestamp now);
  void failed(const std::string& address, resys::Timestamp now);

 private:
  struct Failures {
    int count = 0;
    resys::Timestamp forgotten_at{};
  };

  const int most_;
  std::mutex mutex_;  // guards the map
  std::map<std::string, Failures> failures_;
};

}  // namespace demo
