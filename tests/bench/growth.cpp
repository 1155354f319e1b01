// The shop as it grows; see the header. It is filled through its own commands, on a file system
// that promises nothing (SQLite's, without its fsync), and measured on one that does.
#include "growth.hpp"

#include <sqlite3.h>

#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <string>

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

struct Stage {
  std::int64_t orders = 0;
  double open_ms = 0;
  Figure place;
  double loaded_mb = 0;
};

Stage measure_stage(const fs::path& file, std::int64_t orders) {
  Stage stage{.orders = orders};
  const auto start = std::chrono::steady_clock::now();
  BenchShop shop(file);
  stage.open_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  const auto buyer = [&](std::int64_t i) {
    return "stage-" + std::to_string(orders) + "-" + std::to_string(i);
  };
  for (std::int64_t i = 0; i < kMeasured; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    shop.add_items(buyer(i), sku_of(2 * number), sku_of(2 * number + 1));
    shop.set_addresses(buyer(i));
    shop.select_shipping(buyer(i));
  }
  stage.place = measure(1, kMeasured, kForever, [&](std::int64_t i) { shop.place(buyer(i)); });
  const std::int64_t others = orders + kMeasured * 1'000'000;
  measure(16, kNoLimit, 2, [&](std::int64_t i) { buy(shop, others + i); });
  stage.loaded_mb = resident_mb();
  return stage;
}

}  // namespace

void measure_growth(const fs::path& folder, std::int64_t orders) {
  static const NoSyncVfs no_sync;
  const fs::path file = folder / "growth.db";
  std::int64_t made = 0;
  double p50_at_first = 0;
  for (std::int64_t stage_size = 1'000; stage_size <= orders; stage_size *= 10) {
    std::cerr << "growing to " << stage_size << " orders\n";
    {
      BenchShop shop(file.string() + "?vfs=" + kNoSync);
      measure(4, stage_size - made, kForever, [&](std::int64_t i) { buy(shop, made + i); });
    }
    made = stage_size;
    const Stage stage = measure_stage(file, stage_size);
    const double megabytes = static_cast<double>(fs::file_size(file)) / 1e6;
    if (p50_at_first == 0) p50_at_first = stage.place.p50_us;
    // The ratio is the one that matters here: to the first stage, of the median.
    print("growth", 1, stage.place, {},
          member("ratio", stage.place.p50_us / p50_at_first) +
              member("orders", static_cast<double>(stage.orders)) +
              member("openMs", stage.open_ms) + member("databaseMB", megabytes) +
              member("residentMB", stage.loaded_mb));
  }
  print_tables(file, made);
}

}  // namespace bench
