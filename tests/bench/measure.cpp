// Calling something often, in threads; see the header.
#include "measure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

Figure figure_of(const std::vector<std::vector<double>>& took_us, double seconds) {
  std::vector<double> all;
  for (const auto& mine : took_us) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) / seconds, percentile(all, 0.5), percentile(all, 0.99),
          static_cast<std::int64_t>(all.size())};
}

Figure measure(int threads, std::int64_t count, double seconds,
               const std::function<void(std::int64_t)>& call) {
  std::atomic<std::int64_t> next = 0;
  std::vector<std::vector<double>> took(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  const auto start = SteadyClock::now();
  for (auto& mine : took) {
    running.emplace_back([&] {
      for (std::int64_t i = next++; i < count && seconds_since(start) < seconds; i = next++) {
        const auto began = SteadyClock::now();
        call(i);
        mine.push_back(Microseconds(SteadyClock::now() - began).count());
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  return figure_of(took, seconds_since(start));
}

void print(const std::string& name, int threads, const Figure& figure,
           std::optional<double> ceiling, const std::string& more) {
  std::printf("{\"name\":\"%s\",\"threads\":%d,\"perSecond\":%.1f,\"p50Us\":%.1f,\"p99Us\":%.1f",
              name.c_str(), threads, figure.per_second, figure.p50_us, figure.p99_us);
  if (ceiling) {
    std::printf(",\"ceilingPerSecond\":%.1f,\"ratio\":%.3f", *ceiling,
                figure.per_second / *ceiling);
  }
  std::printf("%s}\n", more.c_str());
  std::fflush(stdout);
}

std::string member(const char* name, double value) {
  std::ostringstream text;
  text.precision(4);
  text << ",\"" << name << "\":" << value;
  return text.str();
}

double fdatasyncs_per_second(const std::filesystem::path& folder, double seconds) {
  const std::filesystem::path file = folder / "fdatasync";
  const int descriptor = open(file.c_str(), O_CREAT | O_RDWR, 0600);
  const std::string page(4096, 'x');
  constexpr int kPages = 4'000;
  const auto write_page = [&](int i) {
    if (pwrite(descriptor, page.data(), page.size(), off_t{4096} * (i % kPages)) < 0) std::abort();
  };
  for (int i = 0; i < kPages; ++i) write_page(i);
  fdatasync(descriptor);
  int count = 0;
  const auto start = SteadyClock::now();
  for (; seconds_since(start) < seconds; ++count) {
    write_page(count);
    fdatasync(descriptor);
  }
  const double rate = count / seconds_since(start);
  close(descriptor);
  std::filesystem::remove(file);
  return rate;
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;  // the second is what is resident
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double written_by_process_kb() {
  std::ifstream io("/proc/self/io");
  std::string name;
  double bytes = 0;
  while (io >> name >> bytes && name != "wchar:") continue;
  return bytes / 1e3;
}

}  // namespace bench
