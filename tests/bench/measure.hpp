// Calling something often, in threads, and printing what came of it: a figure a line, as JSON.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace bench {

struct Figure {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  std::int64_t count = 0;
};

// Of so many seconds, in which each thread's calls took so many microseconds.
Figure figure_of(const std::vector<std::vector<double>>& took_us, double seconds);

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
inline constexpr double kForever = 1e9;

// Calls `call(i)`, i = 0, 1, 2 ..., in so many threads, until `count` calls were made or `seconds`
// have passed.
Figure measure(int threads, std::int64_t count, double seconds,
               const std::function<void(std::int64_t)>& call);

// A disk that others share is faster in one second than in the next: what is compared is measured
// in turn, so often, and the round is shown whose ratio is the middle one.
inline constexpr std::size_t kRounds = 3;

template <class MeasureRound>
auto middle_of(const MeasureRound& measure_round) {
  using Round = std::invoke_result_t<const MeasureRound&>;
  std::vector<Round> rounds;
  for (std::size_t i = 0; i < kRounds; ++i) rounds.push_back(measure_round());
  const auto middle = rounds.begin() + kRounds / 2;
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const Round& left, const Round& right) {
    return left.ratio() < right.ratio();
  });
  return *middle;
}

// `ceiling`: how often a second the raw engine does it. `more`: further members, each with a comma
// before it.
void print(const std::string& name, int threads, const Figure& figure,
           std::optional<double> ceiling = {}, const std::string& more = {});
std::string member(const char* name, double value);

// How often a second the disk makes one page durable that is written where it has pages already.
double fdatasyncs_per_second(const std::filesystem::path& folder, double seconds);

// Of this process: memory, and what it has written to files until now.
double resident_mb();
double written_by_process_kb();

}  // namespace bench
