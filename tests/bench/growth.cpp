// The shop as it grows; see the header. It is filled through its own commands, on a file system
// that promises nothing (SQLite's, without its fsync), and measured on one that does.
#include "growth.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "bench_shop.hpp"
#include "measure.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoSync = "bench_no_sync";
constexpr std::int64_t kMeasured = 300;  // placements of one figure

// The default VFS, except that syncing does nothing.
struct NoSyncVfs {
  NoSyncVfs() {
    sqlite3_initialize();
    real = sqlite3_vfs_find(nullptr);
    vfs = *real;
    vfs.zName = kNoSync;
    vfs.xOpen = open;
    sqlite3_vfs_register(&vfs, 0);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = real->xOpen(real, name, file, flags, out_flags);
    if (code != SQLITE_OK) return code;
    // Databases and logs have other methods.
    const std::lock_guard lock(mutex);
    const auto [entry, is_new] = methods.try_emplace(file->pMethods, *file->pMethods);
    entry->second.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
    file->pMethods = &entry->second;
    return code;
  }

  static inline sqlite3_vfs* real = nullptr;
  static inline std::mutex mutex;
  static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods;
  sqlite3_vfs vfs{};
};

void buy(BenchShop& shop, std::int64_t i) {
  const auto number = static_cast<std::uint64_t>(i);
  shop.purchase("growth-" + std::to_string(i), sku_of(2 * number), sku_of(2 * number + 1));
}

void print_tables(const fs::path& file, std::int64_t orders) {
  sqlite3* database = nullptr;
  sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  sqlite3_stmt* sizes = nullptr;
  sqlite3_prepare_v2(database,
                     "SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 24",
                     -1, &sizes, nullptr);
  std::cerr << "bytes an order, by table and index:\n";
  while (sqlite3_step(sizes) == SQLITE_ROW) {
    std::cerr << "  " << sqlite3_column_text(sizes, 0) << ' '
              << sqlite3_column_int64(sizes, 1) / orders << '\n';
  }
  sqlite3_finalize(sizes);
  sqlite3_close(database);
}

double open_ms(const fs::path& file) {
  const auto start = std::chrono::steady_clock::now();
  const BenchShop shop(file);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// Placing an order, by buyers who are new.
Figure place_orders(const fs::path& file) {
  static std::int64_t next_buyer = 0;
  const std::int64_t first = std::exchange(next_buyer, next_buyer + kMeasured);
  const auto buyer = [&](std::int64_t i) { return "stage-" + std::to_string(first + i); };
  BenchShop shop(file);
  for (std::int64_t i = 0; i < kMeasured; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    shop.add_items(buyer(i), sku_of(2 * number), sku_of(2 * number + 1));
    shop.set_addresses(buyer(i));
    shop.select_shipping(buyer(i));
  }
  return measure(1, kMeasured, kForever, [&](std::int64_t i) { shop.place(buyer(i)); });
}

struct GrowthRound {
  Figure at_first;
  Figure now;
  double ratio() const { return now.p50_us / at_first.p50_us; }
};

double loaded_mb(const fs::path& file, std::int64_t orders) {
  BenchShop shop(file);
  const std::int64_t others = orders + 1'000'000'000;
  measure(16, kNoLimit, 2, [&](std::int64_t i) { buy(shop, others + i); });
  return resident_mb();
}

}  // namespace

void measure_growth(const fs::path& folder, std::int64_t orders) {
  static const NoSyncVfs no_sync;
  const fs::path file = folder / "growth.db";
  const fs::path first = folder / "growth-first.db";
  const fs::path measured = folder / "growth-measured.db";
  std::int64_t made = 0;
  for (std::int64_t stage = 1'000; stage <= orders; stage *= 10) {
    std::cerr << "growing to " << stage << " orders\n";
    {
      BenchShop shop(file.string() + "?vfs=" + kNoSync);
      measure(4, stage - made, kForever, [&](std::int64_t i) { buy(shop, made + i); });
    }
    made = stage;
    if (!fs::exists(first)) fs::copy_file(file, first);
    const double opened = open_ms(file);
    const auto place_at_first = [&] {
      for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(measured.string() + suffix);
      fs::copy_file(first, measured);
      sync();  // or the disk is still busy with it, and with what has grown
      return place_orders(measured);
    };
    const auto round = middle_of([&] { return GrowthRound{place_at_first(), place_orders(file)}; });
    const double loaded = loaded_mb(file, stage);
    const double megabytes = static_cast<double>(fs::file_size(file)) / 1e6;
    // The ratio is the one that matters here: to the first stage, of the median.
    print("growth", 1, round.now, {},
          member("ratio", round.ratio()) + member("orders", static_cast<double>(stage)) +
              member("openMs", opened) + member("databaseMB", megabytes) +
              member("residentMB", loaded));
  }
  print_tables(file, made);
}

}  // namespace bench
