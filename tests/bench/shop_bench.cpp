// Measures a shop in this process: `resys_bench FOLDER [options]`, run by tests/bench/run. Prints a
// figure a line as JSON.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>

#include "bench_shop.hpp"
#include "recorder.hpp"

namespace bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;
namespace fs = std::filesystem;

struct Options {
  fs::path folder;
  std::vector<int> threads{1, 4, 16, 64};
  double seconds = 4;    // of one measurement
  int recorded = 1'000;  // purchases that are recorded for the ceiling
};

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// ---- figures

struct Figure {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  std::int64_t count = 0;
};

double percentile(std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

// Calls `call(i)`, i = 0, 1, 2 ..., in so many threads, until `count` calls were made or `seconds`
// have passed.
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
  const double elapsed = seconds_since(start);
  std::vector<double> all;
  for (const auto& mine : took) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) / elapsed, percentile(all, 0.5), percentile(all, 0.99),
          static_cast<std::int64_t>(all.size())};
}

constexpr std::int64_t kNoLimit = INT64_MAX;
constexpr double kForever = 1e9;

void print(const std::string& name, int threads, const Figure& figure,
           std::optional<double> ceiling = {}, const std::string& more = {}) {
  std::printf("{\"name\":\"%s\",\"threads\":%d,\"perSecond\":%.1f,\"p50Us\":%.1f,\"p99Us\":%.1f",
              name.c_str(), threads, figure.per_second, figure.p50_us, figure.p99_us);
  if (ceiling) {
    std::printf(",\"ceilingPerSecond\":%.1f,\"ratio\":%.3f", *ceiling,
                figure.per_second / *ceiling);
  }
  std::printf("%s}\n", more.c_str());
  std::fflush(stdout);
}

// ---- files

fs::path fresh_copy(const fs::path& base) {
  const fs::path copy = base.parent_path() / "measured.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(copy.string() + suffix);
  fs::copy_file(base, copy);
  return copy;
}

// How often a second the disk makes one appended page durable.
double fdatasyncs_per_second(const fs::path& folder, double seconds) {
  const fs::path file = folder / "fdatasync";
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
  fs::remove(file);
  return rate;
}

// ---- purchases

// The steps of a purchase, each one measured command.
struct Step {
  const char* name;
  std::function<void(BenchShop&, std::int64_t)> run;
};

std::string buyer(std::int64_t i) { return "buyer-" + std::to_string(i); }
std::string first_sku(std::int64_t i) { return sku_of(static_cast<std::uint64_t>(2 * i)); }
std::string second_sku(std::int64_t i) { return sku_of(static_cast<std::uint64_t>(2 * i + 1)); }

// What each buyer's placement answered, for the webhook to come.
using Placements = std::vector<resys::Placement>;

std::vector<Step> steps_of(Placements& placed) {
  return {
      {"cart.addItem",
       [](BenchShop& shop, std::int64_t i) { shop.add_item(buyer(i), first_sku(i)); }},
      {"cart.addItem",
       [](BenchShop& shop, std::int64_t i) { shop.add_item(buyer(i), second_sku(i)); }},
      {"set_addresses", [](BenchShop& shop, std::int64_t i) { shop.set_addresses(buyer(i)); }},
      {"select_shipping", [](BenchShop& shop, std::int64_t i) { shop.select_shipping(buyer(i)); }},
      {"place_order",
       [&placed](BenchShop& shop, std::int64_t i) {
         placed[static_cast<std::size_t>(i)] = shop.place(buyer(i));
       }},
      {"webhook", [&placed](BenchShop& shop,
                            std::int64_t i) { shop.pay(placed[static_cast<std::size_t>(i)]); }},
  };
}

// The library's row changes: of each step, each buyer's bodies one after the other.
struct Recording {
  std::vector<std::vector<Body>> steps;
  std::size_t buyers = 0;

  std::size_t bodies_of(std::size_t step) const { return steps[step].size() / buyers; }
  std::size_t bodies_per_purchase() const {
    std::size_t sum = 0;
    for (std::size_t step = 0; step < steps.size(); ++step) sum += bodies_of(step);
    return sum;
  }
  // Whole purchases as `threads` buyers at a time make them, step by step.
  std::vector<Body> interleaved(int threads) const {
    std::vector<Body> all;
    for (std::size_t from = 0; from < buyers; from += static_cast<std::size_t>(threads)) {
      const std::size_t to = std::min(buyers, from + static_cast<std::size_t>(threads));
      for (std::size_t step = 0; step < steps.size(); ++step) {
        const std::size_t each = bodies_of(step);
        for (std::size_t body = 0; body < each; ++body) {
          for (std::size_t i = from; i < to; ++i) all.push_back(steps[step][i * each + body]);
        }
      }
    }
    return all;
  }
};

Recording record(const fs::path& base, int buyers) {
  Recorder recorder(Recorder::Keep::changes);
  Placements placed(static_cast<std::size_t>(buyers));
  BenchShop shop(fresh_copy(base));
  recorder.take_bodies();
  Recording recording{{}, static_cast<std::size_t>(buyers)};
  for (const Step& step : steps_of(placed)) {
    for (std::int64_t i = 0; i < buyers; ++i) step.run(shop, i);
    recording.steps.push_back(recorder.take_bodies());
  }
  return recording;
}

void measure_purchases(const Options& options, const fs::path& base, const Recording& recording,
                       int threads) {
  const double syncs = fdatasyncs_per_second(options.folder, 1);
  Figure figure;
  double batch = 0;
  const auto bodies = static_cast<double>(recording.bodies_per_purchase());
  {
    Recorder recorder(Recorder::Keep::commits);
    BenchShop shop(fresh_copy(base));
    recorder.take_commits();
    figure = measure(threads, kNoLimit, options.seconds,
                     [&](std::int64_t i) { shop.purchase(buyer(i), first_sku(i), second_sku(i)); });
    batch =
        bodies * static_cast<double>(figure.count) / static_cast<double>(recorder.take_commits());
  }
  const double ceiling = replay(fresh_copy(base), recording.interleaved(threads), batch) / bodies;
  std::ostringstream more;
  more << ",\"batch\":" << batch << ",\"fdatasyncsPerSecond\":" << syncs
       << ",\"ratioToFdatasync\":" << figure.per_second / syncs;
  print("checkout", threads, figure, ceiling, more.str());
}

// Each command by itself: one step of all buyers, then the next.
void measure_commands(const fs::path& base, const Recording& recording, int threads,
                      std::int64_t buyers) {
  Placements placed(static_cast<std::size_t>(buyers));
  const std::vector<Step> steps = steps_of(placed);
  std::vector<Figure> figures;
  std::vector<double> batches;
  {
    Recorder recorder(Recorder::Keep::commits);
    BenchShop shop(fresh_copy(base));
    for (std::size_t step = 0; step < steps.size(); ++step) {
      recorder.take_commits();
      figures.push_back(
          measure(threads, buyers, kForever, [&](std::int64_t i) { steps[step].run(shop, i); }));
      batches.push_back(static_cast<double>(recording.bodies_of(step)) *
                        static_cast<double>(buyers) / static_cast<double>(recorder.take_commits()));
    }
  }
  const fs::path replayed = fresh_copy(base);
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const double ceiling = replay(replayed, recording.steps[step], batches[step]) /
                           static_cast<double>(recording.bodies_of(step));
    // Of the two lines of a cart the second is the usual one: the cart is there.
    if (step == 0) continue;
    print(steps[step].name, threads, figures[step], ceiling,
          ",\"batch\":" + std::to_string(batches[step]));
  }
}

}  // namespace

int run(const Options& options) {
  const fs::path base = options.folder / "base.db";
  { const BenchShop filled(base); }
  const Recording recording = record(base, options.recorded);
  for (const int threads : options.threads) {
    measure_purchases(options, base, recording, threads);
    measure_commands(base, recording, threads, threads == 1 ? 500 : 2'000);
  }
  return EXIT_SUCCESS;
}

}  // namespace bench

int main(int argc, char** argv) {
  bench::Options options;
  options.folder = argv[1];
  if (argc > 2) {
    options.threads.clear();
    for (int i = 2; i < argc; ++i) options.threads.push_back(std::atoi(argv[i]));
  }
  return bench::run(options);
}
