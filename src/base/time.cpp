// RFC 3339, section 5.6: reading and printing moments.
#include "resys/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdio>

namespace resys {
namespace {

namespace chrono = std::chrono;

Error not_a_time() {
  return Error(Errc::invalid_request,
               "the time is not written as in RFC 3339, such as 2026-11-24T09:30:00Z, with at most "
               "six decimals of a second");
}

// Takes pieces off the front of a text. After the first failure, nothing succeeds any more.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  char one_of(std::string_view accepted) {
    if (failed_ || rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) {
      failed_ = true;
      return '\0';
    }
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  int digits(int count, int least, int most) {
    int value = 0;
    for (int i = 0; i < count; ++i) value = value * 10 + digit();
    if (value < least || value > most) failed_ = true;
    return value;
  }
  // Microseconds, if there is a fraction.
  int fraction() {
    if (rest_.empty() || rest_.front() != '.') return 0;
    rest_.remove_prefix(1);
    int value = digit();
    int scale = 100'000;
    for (; scale > 1 && next_is_digit(); scale /= 10) value = value * 10 + digit();
    return value * scale;
  }

 private:
  bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  int digit() {
    const char taken = one_of("0123456789");
    return failed_ ? 0 : taken - '0';
  }

  std::string_view rest_;
  bool failed_ = false;
};

// How far the local time is ahead of UTC.
chrono::minutes read_offset(Reader& reader) {
  const char sign = reader.one_of("Zz+-");
  if (sign != '+' && sign != '-') return chrono::minutes(0);
  const chrono::hours hours(reader.digits(2, 0, 23));
  reader.one_of(":");
  const chrono::minutes minutes(reader.digits(2, 0, 59));
  return sign == '+' ? hours + minutes : -(hours + minutes);
}

using Micros = chrono::sys_time<chrono::microseconds>;

// The years that have four digits.
constexpr Micros kFirst{chrono::sys_days(chrono::year(0) / 1 / 1)};
constexpr Micros kBeyond{chrono::sys_days(chrono::year(10'000) / 1 / 1)};

}  // namespace

Result<Timestamp> Timestamp::parse(std::string_view text) {
  Reader reader(text);
  const chrono::year year(reader.digits(4, 0, 9999));
  reader.one_of("-");
  const chrono::month month(static_cast<unsigned>(reader.digits(2, 1, 12)));
  reader.one_of("-");
  const chrono::day day(static_cast<unsigned>(reader.digits(2, 1, 31)));
  reader.one_of("Tt");
  const chrono::hours hours(reader.digits(2, 0, 23));
  reader.one_of(":");
  const chrono::minutes minutes(reader.digits(2, 0, 59));
  reader.one_of(":");
  // A leap second has no place among microseconds since 1970, so 60 is refused.
  const chrono::seconds seconds(reader.digits(2, 0, 59));
  const chrono::microseconds fraction(reader.fraction());
  const chrono::minutes offset = read_offset(reader);
  const chrono::year_month_day date(year, month, day);
  if (reader.failed() || !reader.at_end() || !date.ok()) return not_a_time();

  const Micros moment = chrono::sys_days(date) + hours + minutes + seconds + fraction - offset;
  if (moment < kFirst || moment >= kBeyond) return not_a_time();
  return Timestamp{moment.time_since_epoch().count()};
}

std::string Timestamp::text() const {
  const Micros moment{chrono::microseconds(micros)};
  const auto midnight = chrono::floor<chrono::days>(moment);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss time(moment - midnight);
  char buffer[64];
  const int size = std::snprintf(
      buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return std::string(buffer, static_cast<std::size_t>(size));
}

}  // namespace resys
