// The ports of a shop under test: a clock that stands still, randomness that repeats, a log and a
// mailer that keep what they are given. Safe to use from several threads.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "resys/host.hpp"

namespace resys::test {

class TestClock final : public Clock {
 public:
  Timestamp now() override { return {micros_}; }
  void advance(std::int64_t micros) { micros_ += micros; }

 private:
  std::atomic<std::int64_t> micros_{Timestamp::from_seconds(1'800'000'000).micros};
};

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}
  void fill(std::uint8_t* bytes, std::size_t count) override {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(generator_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_;
};

class RecordingLog final : public Log {
 public:
  void write(LogLevel, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(message);
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class RecordingMailer final : public Mailer {
 public:
  Result<void> send(const Mail& mail) override {
    const std::lock_guard lock(mutex_);
    if (answer) {
      if (auto answered = answer(mail); answered.has_error()) return answered;
    }
    sent_.push_back(mail);
    return success();
  }
  // What was accepted so far.
  std::vector<Mail> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

  std::function<Result<void>(const Mail&)> answer;  // set it while nobody sends; empty: accepts

 private:
  mutable std::mutex mutex_;
  std::vector<Mail> sent_;
};

}  // namespace resys::test
