// Time zones: what the C library says, in every zone of the system.
#include "base/time_zone.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <vector>

#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

std::int64_t offset(const char* zone, const char* at) {
  return utc_offset_minutes(zone, Timestamp::parse(at).value());
}

// All zones, and nothing if the system has no list of them.
std::vector<std::string> zones() {
  std::vector<std::string> names;
  std::ifstream table("/usr/share/zoneinfo/zone1970.tab");
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t begin = line.find('\t', line.find('\t') + 1) + 1;
    names.push_back(line.substr(begin, line.find('\t', begin) - begin));
  }
  return names;
}

// The C library's zone, for as long as it lives.
class SystemZone {
 public:
  explicit SystemZone(const std::string& name) { set(name.c_str()); }
  ~SystemZone() { set(before_.c_str()); }
  SystemZone(const SystemZone&) = delete;
  SystemZone& operator=(const SystemZone&) = delete;

  static std::int64_t offset_minutes(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm local{};
    ::localtime_r(&time, &local);
    return local.tm_gmtoff / 60;
  }

 private:
  static void set(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  const std::string before_ = std::getenv("TZ") ? std::getenv("TZ") : "";
};

}  // namespace

TEST_CASE("summer time begins and ends at its second, also far ahead") {
  CHECK(offset("UTC", "2026-07-01T00:00:00Z") == 0);
  CHECK(offset("Europe/Berlin", "2026-03-29T00:59:59Z") == 60);
  CHECK(offset("Europe/Berlin", "2026-03-29T01:00:00Z") == 120);
  CHECK(offset("Europe/Berlin", "2026-10-25T00:59:59Z") == 120);
  CHECK(offset("Europe/Berlin", "2026-10-25T01:00:00Z") == 60);
  CHECK(offset("Europe/Berlin", "2095-03-27T00:59:59Z") == 60);
  CHECK(offset("Europe/Berlin", "2095-03-27T01:00:00Z") == 120);
  CHECK(offset("America/New_York", "2026-03-08T06:59:59Z") == -300);
  CHECK(offset("America/New_York", "2026-03-08T07:00:00Z") == -240);
  // South of the equator, and by half an hour.
  CHECK(offset("Australia/Lord_Howe", "2090-01-01T00:00:00Z") == 660);
  CHECK(offset("Australia/Lord_Howe", "2090-07-01T00:00:00Z") == 630);
  CHECK(offset("Asia/Kolkata", "2026-07-01T00:00:00Z") == 330);
}

TEST_CASE("only zones of the system are known") {
  for (const char* zone : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "EST5EDT"}) {
    CHECK(check_time_zone(zone).has_value());
  }
  for (const char* zone : {"", "Europe", "Europe/Nowhere", "europe", "zone1970.tab", "/etc/passwd",
                           "/usr/share/zoneinfo/UTC", "../zoneinfo/Europe/Berlin"}) {
    CAPTURE(zone);
    check_refused(check_time_zone(zone), Errc::invalid_request);
    CHECK(offset(zone, "2026-07-01T00:00:00Z") == 0);
  }
}

TEST_CASE("every zone of the system shows what the C library shows") {
  Amounts amounts(31);
  const auto all = zones();
  CHECK(all.size() > 300);
  for (const std::string& zone : all) {
    CAPTURE(zone);
    const SystemZone system(zone);
    for (std::int64_t round = by_tier(50, 500, 10'000); round > 0; --round) {
      const std::int64_t seconds =
          static_cast<std::int64_t>(amounts.count(4'000'000'000));  // until 2096
      CAPTURE(seconds);
      REQUIRE(utc_offset_minutes(zone, Timestamp::from_seconds(seconds)) ==
              SystemZone::offset_minutes(seconds));
    }
  }
}
