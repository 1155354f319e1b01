// Reads the system's time zone database: libstdc++ has std::chrono's only since version 14, and
// the C library's localtime() knows one zone for the whole process.
//
// A zone is a file in the format TZif (RFC 8536), of which this reads version 2 and later:
//
//   file   := header data header data footer      the first data is for 32-bit readers: skipped
//   header := "TZif" version(1) 15 unused bytes, and how many there are, 4 bytes each, of: UTC
//             marks, standard marks, leap seconds, transitions, types, bytes of names
//   data   := the transitions' times, 8 bytes each (4 in the first data), their types, 1 byte each;
//             the types: seconds ahead of UTC(4), is summer time(1), name(1); the rest
//   footer := "\n" rule "\n"                       for all times after the last transition
//   rule   := as POSIX writes TZ: "CET-1CEST,M3.5.0,M10.5.0/3"
#include "base/time_zone.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace resys {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view kUtc = "UTC";

// Seconds, of a clock or since 1970.
using Seconds = std::int64_t;
constexpr Seconds kHour = 3'600;
constexpr Seconds kDay = 24 * kHour;

// ---- the rule for times after the last transition

// Takes pieces off the front of a rule. What is not there is empty or 0.
class RuleReader {
 public:
  explicit RuleReader(std::string_view rest) : rest_(rest) {}

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // "CEST" or "<+0330>"
  bool take_name() {
    const bool is_quoted = take('<');
    const std::size_t end =
        is_quoted ? rest_.find('>') : std::min(rest_.find_first_of("+-0123456789,"), rest_.size());
    if (end == rest_.npos || end == 0) return false;
    rest_.remove_prefix(end + (is_quoted ? 1 : 0));
    return true;
  }
  int number() {
    int value = 0;
    while (next_is_digit()) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  // "-5", "5:45": hours, minutes and seconds.
  Seconds time() {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    Seconds seconds = number() * kHour;
    if (take(':')) seconds += number() * 60;
    if (take(':')) seconds += number();
    return is_negative ? -seconds : seconds;
  }
  bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Seconds begin_of(chrono::year_month_day day) {
  return chrono::sys_days(day).time_since_epoch().count() * kDay;
}

// Takes a day of a year off the rule, and a time of it, by the clocks before the change: "M3.5.0/3"
// (month, week, weekday), "J60" (never counts February 29) or "59" (counts it). Returns it in
// seconds since 1970, as if the clocks were at UTC.
Seconds take_change(RuleReader& rule, chrono::year year) {
  using chrono::January;
  Seconds day = 0;
  if (rule.take('M')) {
    const chrono::month month(static_cast<unsigned>(rule.number()));
    rule.take('.');
    const int week = rule.number();
    rule.take('.');
    const chrono::weekday weekday(static_cast<unsigned>(rule.number()));
    const auto found = week == 5
                           ? chrono::sys_days(year / month / weekday[chrono::last])
                           : chrono::sys_days(year / month / weekday[static_cast<unsigned>(week)]);
    day = found.time_since_epoch().count() * kDay;
  } else {
    const bool skips_leap_day = rule.take('J');
    const int number = rule.number();
    day = begin_of(year / January / 1) + (number - (skips_leap_day ? 1 : 0)) * kDay;
    if (skips_leap_day && number >= 60 && year.is_leap()) day += kDay;
  }
  return day + (rule.take('/') ? rule.time() : 2 * kHour);
}

// Nothing if the rule cannot be read.
std::optional<Seconds> offset_by_rule(std::string_view text, Seconds at) {
  RuleReader rule(text);
  if (!rule.take_name()) return std::nullopt;
  const Seconds standard = -rule.time();
  if (rule.at_end()) return standard;
  if (!rule.take_name()) return std::nullopt;
  const Seconds summer = rule.take(',') ? standard + kHour : -rule.time();
  const chrono::sys_days today(
      chrono::floor<chrono::days>(chrono::sys_seconds(chrono::seconds(at + standard))));
  const chrono::year year = chrono::year_month_day(today).year();
  rule.take(',');
  const Seconds begin = take_change(rule, year) - standard;
  if (!rule.take(',')) return std::nullopt;
  const Seconds end = take_change(rule, year) - summer;
  const bool is_summer = begin < end ? at >= begin && at < end : at < end || at >= begin;
  return is_summer ? summer : standard;
}

// ---- the file

// Takes numbers off the front of a file. Beyond its end there are zeros.
class FileReader {
 public:
  explicit FileReader(std::string_view rest) : rest_(rest) {}

  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::int64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char byte : take(size)) value = value << 8 | static_cast<unsigned char>(byte);
    const std::size_t unused = 64 - 8 * size;
    return static_cast<std::int64_t>(value << unused) >> unused;
  }
  std::size_t count() { return static_cast<std::size_t>(number(4)); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Counts {
  std::size_t utc_marks = 0, standard_marks = 0, leap_seconds = 0;
  std::size_t transitions = 0, types = 0, name_bytes = 0;

  std::size_t bytes(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + name_bytes + leap_seconds * (time_size + 4) +
           standard_marks + utc_marks;
  }
};

std::optional<Counts> take_header(FileReader& file) {
  if (file.take(4) != "TZif" || file.take(1) < "2") return std::nullopt;
  file.take(15);
  Counts counts;
  for (std::size_t* count : {&counts.utc_marks, &counts.standard_marks, &counts.leap_seconds,
                             &counts.transitions, &counts.types, &counts.name_bytes}) {
    *count = file.count();
  }
  return counts;
}

// Empty if there is no such file.
std::string read_zone(const std::string& name) {
  const bool is_name = !name.starts_with('/') && name.find("..") == name.npos;
  if (!is_name) return {};
  const char* directory = std::getenv("TZDIR");
  const std::string path = (directory ? directory : "/usr/share/zoneinfo") + ("/" + name);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Nothing if the content is not that of a zone.
std::optional<Seconds> offset_in(std::string_view content, Seconds at) {
  FileReader file(content);
  const auto old = take_header(file);
  if (!old) return std::nullopt;
  file.take(old->bytes(4));
  const auto counts = take_header(file);
  if (!counts || counts->types == 0 || file.rest().size() < counts->bytes(8)) return std::nullopt;
  FileReader data(file.take(counts->bytes(8)));
  FileReader times(data.take(counts->transitions * 8));
  const std::string_view types = data.take(counts->transitions);
  std::size_t passed = 0;  // how many transitions
  while (passed < counts->transitions && times.number(8) <= at) ++passed;
  const std::string_view footer = file.rest();
  if (passed == counts->transitions && footer.size() > 2) {
    return offset_by_rule(footer.substr(1, footer.size() - 2), at);
  }
  const std::size_t type = passed == 0 ? 0 : static_cast<unsigned char>(types[passed - 1]);
  data.take(type * 6);
  return data.number(4);
}

std::optional<Seconds> offset_of(const std::string& name, Seconds at) {
  if (name == kUtc) return 0;  // also on a system without the database
  return offset_in(read_zone(name), at);
}

}  // namespace

Result<void> check_time_zone(const std::string& name) {
  if (offset_of(name, 0)) return success();
  return Error(Errc::invalid_request, "this system does not know the time zone").with("name", name);
}

std::int64_t utc_offset_minutes(const std::string& name, Timestamp at) {
  const Seconds seconds = at.micros / 1'000'000;
  return offset_of(name, seconds).value_or(0) / 60;
}

}  // namespace resys
