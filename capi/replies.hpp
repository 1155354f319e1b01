// What callbacks of a host are asked, until they have answered or it has taken too long.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "resys.h"
#include "resys/result.hpp"

namespace resys_capi {

// Callbacks whose answers are awaited, by number.
class Replies {
 public:
  explicit Replies(std::chrono::milliseconds patience) : patience_(patience) {}

  bool belong_to_open_shop = false;

  // Runs `call` with the reply and waits for its answer, from the beginning of the call at most
  // `timeout_ms`, if that is less than what is waited for any answer.
  resys::Result<std::string> wait(const std::function<void(resys_reply)>& call,
                                  std::int64_t timeout_ms) {
    const std::chrono::milliseconds most(std::min<std::int64_t>(timeout_ms, patience_.count()));
    const auto end = std::chrono::steady_clock::now() + most;
    Waiting waiting;
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = ++last_;
      waiting_.emplace(number, &waiting);
    }
    call({this, number});
    std::unique_lock lock(mutex_);
    waiting.answered.wait_until(lock, end, [&] { return waiting.answer.has_value(); });
    waiting_.erase(number);
    if (waiting.answer) return std::move(*waiting.answer);
    return resys::Error(resys::Errc::outcome_unknown, "a callback did not reply in time");
  }

  void answer(std::uint64_t number, resys::Result<std::string> answer) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(number);
    if (found == waiting_.end() || found->second->answer) return;
    found->second->answer = std::move(answer);
    found->second->answered.notify_one();
  }

 private:
  struct Waiting {
    std::condition_variable answered;
    std::optional<resys::Result<std::string>> answer;
  };

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;  // guards all below
  std::unordered_map<std::uint64_t, Waiting*> waiting_;
  std::uint64_t last_ = 0;
};

}  // namespace resys_capi
