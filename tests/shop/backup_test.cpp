// Shop::backup: a copy that is made while others buy is a whole shop, and a failure leaves nothing
// behind.
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "support/at_once.hpp"
#include "support/buying_shop.hpp"
#include "support/child_process.hpp"
#include "support/database_dump.hpp"
#include "support/faulty_vfs.hpp"
#include "support/look.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using std::filesystem::path;

namespace {

std::set<std::string> names_in(const path& folder) {
  std::set<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    names.insert(each.path().filename().string());
  }
  return names;
}

std::unique_ptr<Shop> open_copy(const BuyingShop& test, const std::string& copy) {
  ShopOptions options = test.options();
  options.database = "sqlite:" + copy;
  return Shop::open(std::move(options)).value();
}

std::set<std::string> placed_in(Shop& shop) {
  std::set<std::string> numbers;
  ListAllOrders request{.limit = 200};
  do {
    const auto page = shop.admin().orders().list(staff(), request).value();
    for (const Order& order : page.items) numbers.insert(order.number);
    request.after = page.next_after;
  } while (request.after);
  return numbers;
}

// Some megabytes more, so that a copy takes several steps.
void grow(const BuyingShop& test) {
  Look(test.file).sabotage(R"(
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO processor_note (store_id, processor, note_key, value, version)
        SELECT 'default', 'none', 'note ' || i, HEX(ZEROBLOB(200)), 1 FROM n)");
}

// Orders that somebody was told of.
struct Told {
  std::set<std::string> so_far() {
    const std::lock_guard lock(mutex);
    return numbers;
  }
  void add(const std::string& number) {
    const std::lock_guard lock(mutex);
    numbers.insert(number);
  }
  std::mutex mutex;
  std::set<std::string> numbers;
};

}  // namespace

TEST_CASE("a backup is the whole shop in one file") {
  BuyingShop test;
  const Order bought = test.buy(shopper());
  const std::string copy = test.directory.file("copy.db");
  const Timestamp before = test.clock->now();
  const Backup backup = test.shop->backup(copy).value();
  CHECK(backup.path == copy);
  CHECK(backup.bytes == static_cast<std::int64_t>(std::filesystem::file_size(copy)));
  CHECK(backup.bytes / backup.pages == 4096);
  CHECK(backup.schema_version == 1);
  CHECK(backup.created_at == before);
  struct stat found;
  REQUIRE(stat(copy.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  CHECK(names_in(test.directory.path()) ==
        std::set<std::string>{"copy.db", "shop.db", "shop.db-shm", "shop.db-wal"});
  CHECK(dump_of(copy) == dump_of(test.file));
  CHECK(broken_invariants(copy).empty());

  const auto opened = open_copy(test, copy);
  CHECK(opened->orders().get(shopper(), {bought.number}).value().state == OrderState::complete);
  opened->cart().add_item(shopper(), {.sku = "TEA", .quantity = 1}).value();
  CHECK(test.shop->cart().get(shopper()).value().line_items.empty());
}

TEST_CASE("a shop in memory can be backed up") {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("copy.db");
  {
    const auto shop = Shop::open({.database = "sqlite::memory:"}).value();
    shop->admin().locations().create(staff(), {.name = "Shelf"}).value();
    const Backup backup = shop->backup(copy).value();
    CHECK(backup.pages > 40);
    check_refused(shop->backup(copy), Errc::conflict, "path");
  }
  CHECK(names_in(directory.path()) == std::set<std::string>{"copy.db"});
  const auto opened = Shop::open({.database = "sqlite:" + copy}).value();
  CHECK(opened->admin().locations().list(staff()).value().items.at(0).name == "Shelf");
  CHECK(opened->check().value().differences.empty());
}

TEST_CASE("a backup overwrites nothing") {
  BuyingShop test;
  const std::string copy = test.directory.file("copy.db");
  const auto refused = [&](const std::string& to, Errc code) {
    const auto names = names_in(test.directory.path());
    check_refused(test.shop->backup(to), code, "path");
    CHECK(names_in(test.directory.path()) == names);
  };
  SECTION("a file, its own, a link to nowhere") {
    std::ofstream(copy) << "mine";
    refused(copy, Errc::conflict);
    CHECK(std::filesystem::file_size(copy) == 4);
    refused(test.file, Errc::conflict);
    const std::string link = test.directory.file("link");
    std::filesystem::create_symlink("nowhere", link);
    refused(link, Errc::conflict);
  }
  SECTION("what SQLite would take for a part of the copy") {
    for (const char* companion : {"-wal", "-journal", "-shm"}) {
      std::ofstream(copy + companion) << "of another one";
      refused(copy, Errc::conflict);
      std::filesystem::remove(copy + companion);
      refused(test.file + companion, Errc::invalid_request);
      refused(test.directory.file("other.db") + companion, Errc::invalid_request);
    }
  }
  SECTION("where no file can be") {
    refused("", Errc::invalid_request);
    refused(std::string("a\0b", 3), Errc::invalid_request);
    refused(test.directory.file("missing/copy.db"), Errc::invalid_request);
    refused(test.file + "/copy.db", Errc::invalid_request);
    refused(test.directory.file(std::string(300, 'x')), Errc::invalid_request);
  }
  SECTION("a file that comes while the copy is made") {
    const auto late = test.shop->backup(copy, [&](const Progress& progress) -> Result<void> {
      if (progress.step == "check") std::ofstream(copy) << "mine";
      return success();
    });
    check_refused(late, Errc::conflict, "path");
    CHECK(std::filesystem::file_size(copy) == 4);
    CHECK(names_in(test.directory.path()).size() == 4);
  }
  CHECK(test.buy(shopper()).state == OrderState::complete);
}

TEST_CASE("a backup tells how far it is, and ends where it is told to") {
  BuyingShop test;
  grow(test);
  const auto names = names_in(test.directory.path());
  const std::string copy = test.directory.file("copy.db");
  std::vector<std::pair<std::string, Progress>> told;
  const Backup backup = test.shop
                            ->backup(copy,
                                     [&](const Progress& progress) -> Result<void> {
                                       told.emplace_back(progress.step, progress);
                                       return success();
                                     })
                            .value();
  std::filesystem::remove(copy);
  CHECK(backup.bytes > 8'000'000);
  REQUIRE(told.size() >= 4);
  CHECK(told.front().first == "copy");
  CHECK(told.front().second.done < backup.pages);
  CHECK(told.back().first == "check");
  for (std::size_t i = 0; i < told.size(); ++i) {
    CHECK(told[i].second.total == backup.pages);
    CHECK(told[i].second.done <= backup.pages);
    const bool is_last = i + 1 == told.size() || told[i + 1].first != told[i].first;
    if (is_last) {
      CHECK(told[i].second.done == backup.pages);
    } else {
      CHECK(told[i].second.done <= told[i + 1].second.done);
    }
  }

  for (std::size_t stop = 1; stop <= told.size(); ++stop) {
    std::size_t calls = 0;
    const auto stopped = test.shop->backup(copy, [&](const Progress&) -> Result<void> {
      if (++calls >= stop) return Error(Errc::conflict, "enough");
      return success();
    });
    if (calls < stop) {
      std::filesystem::remove(copy);  // it was faster this time
      continue;
    }
    CHECK(refusal(stopped, Errc::conflict).message() == "enough");
    CHECK(names_in(test.directory.path()) == names);
  }
  CHECK_THROWS_AS(test.shop->backup(copy, [](const Progress&) -> Result<void> { throw 1; }), int);
  CHECK(names_in(test.directory.path()) == names);
}

TEST_CASE("a backup holds the log while it copies, not while it checks") {
  BuyingShop test;
  grow(test);
  Look other(test.file);
  other.number("PRAGMA busy_timeout = 0");
  std::set<std::string> reset;
  std::int64_t bought = 0;
  test.shop
      ->backup(test.directory.file("copy.db"),
               [&](const Progress& progress) -> Result<void> {
                 test.buy(shopper("user-" + std::to_string(++bought)));
                 const bool is_free = other.number("PRAGMA wal_checkpoint(RESTART)") == 0;
                 if (is_free) reset.insert(std::string(progress.step));
                 return success();
               })
      .value();
  CHECK(reset == std::set<std::string>{"check"});
}

TEST_CASE("a disk that is full or fails leaves the shop as it was and no copy") {
  FaultyVfs vfs;
  const TemporaryDirectory directory;
  BuyingShop goods;
  goods.buy(shopper());
  goods.shop.reset();
  std::filesystem::create_directory(directory.file("backups"));
  std::filesystem::copy_file(goods.file, directory.file("shop.db"));
  ShopOptions options = goods.options();
  options.database = "sqlite:" + directory.file("shop.db") + "?vfs=" + vfs.name();
  const auto shop = Shop::open(options).value();
  shop->cart().add_item(shopper(), {.sku = "TEA", .quantity = 1}).value();
  const std::string copy = directory.file("backups/copy.db");
  const auto is_well = [&] {
    CHECK(names_in(directory.file("backups")).empty());
    CHECK(shop->cart().add_item(guest(), {.sku = "TEA", .quantity = 1}).has_value());
    const auto again = shop->backup(copy);
    REQUIRE(again.has_value());
    CHECK(Shop::open({.database = "sqlite:" + copy}).value()->check().value().differences.empty());
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(copy + part);
  };
  SECTION("full") {
    for (const std::int64_t space : {0, 5'000, 100'000}) {
      vfs.limit_space(vfs.bytes_used() + space);
      check_refused(shop->backup(copy), Errc::storage);
      vfs.heal();
      is_well();
    }
  }
  SECTION("failing") {
    bool struck = true;
    int failures = 0;
    for (std::int64_t nth = 1; struck; nth += nth < 200 ? 1 : 17) {
      INFO("call " << nth);
      vfs.fail(FaultyVfs::kAllCalls, nth, true);
      const auto tried = shop->backup(copy);
      struck = vfs.struck();
      vfs.heal();
      if (tried.has_value()) {
        std::filesystem::remove(copy);  // only what was to be taken away failed
      } else {
        ++failures;
        CHECK(tried.error().code() == Errc::storage);
      }
      // What cannot be taken away stays, under a name that is no backup's.
      for (const std::string& name : names_in(directory.file("backups"))) {
        CHECK(name.find(".part") != std::string::npos);
        std::filesystem::remove(directory.file("backups/" + name));
      }
    }
    CHECK(failures > 20);
    is_well();
  }
}

TEST_CASE("no copy of a damaged database is called a backup") {
  BuyingShop test;
  test.buy(shopper());
  test.shop.reset();
  const std::string file = test.directory.file("damaged.db");
  std::filesystem::copy_file(test.file, file);
  Look look(test.file);
  const auto page = look.number("SELECT rootpage FROM sqlite_schema WHERE name = 'line_item'");
  SECTION("a page") {
    std::fstream damaged(file, std::ios::binary | std::ios::in | std::ios::out);
    damaged.seekp((page - 1) * look.number("PRAGMA page_size"));
    damaged << std::string(100, '\xa5');
  }
  SECTION("a reference") { Look(file).sabotage("DELETE FROM variant"); }
  const auto shop = Shop::open({.database = "sqlite:" + file}).value();
  check_refused(shop->backup(test.directory.file("copy.db")), Errc::storage);
  for (const std::string& name : names_in(test.directory.path())) {
    CHECK(name.find("copy") == std::string::npos);
  }
}

TEST_CASE("backups that are made while threads buy have every order that was confirmed before",
          "[concurrent]") {
  BuyingShop test;
  test.count("TEA", 1'000'000);
  grow(test);
  Told told;
  std::atomic<bool> stop{false};
  std::vector<std::set<std::string>> confirmed;
  std::vector<std::string> copies;
  const std::int64_t rounds = by_tier(2, 5, 50);
  at_once(5, [&](int thread) {
    for (int i = 0; thread > 0 && !stop; ++i) {
      const Caller caller = shopper("user-" + std::to_string(thread) + "-" + std::to_string(i));
      const Placement placed = test.place(caller, test.card);
      test.pay(caller, placed);
      told.add(placed.order.number);
    }
    for (std::int64_t i = 0; thread == 0 && i < rounds; ++i) {
      while (told.so_far().size() < static_cast<std::size_t>(10 * i)) std::this_thread::yield();
      confirmed.push_back(told.so_far());
      copies.push_back(test.directory.file("copy-" + std::to_string(i)));
      test.shop->backup(copies.back()).value();
    }
    if (thread == 0) stop = true;
  });
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const auto copy = open_copy(test, copies[i]);
    CHECK(copy->check().value().differences.empty());
    const auto found = placed_in(*copy);
    CHECK(std::includes(found.begin(), found.end(), confirmed[i].begin(), confirmed[i].end()));
  }
}

TEST_CASE("backups of a file to which several processes write are whole") {
  BuyingShop test;
  test.count("TEA", 1'000'000);
  test.shop.reset();
  const std::string go_on = test.directory.file("go-on");
  std::ofstream(go_on) << "yes";
  std::vector<ChildProcess> processes;
  for (int process = 0; process < 2; ++process) {
    processes.emplace_back([&test, &go_on, process] {
      test.shop = test.open();
      std::int64_t bought = 0;
      while (std::filesystem::exists(go_on)) {
        const std::string id = std::to_string(process) + "-" + std::to_string(++bought);
        test.buy(shopper("user-" + id));
      }
      test.shop.reset();
      return bought;
    });
  }
  test.shop = test.open();
  std::size_t before = 0;
  for (std::int64_t i = 0; i < by_tier(3, 10, 100); ++i) {
    const std::string copy = test.directory.file("copy-" + std::to_string(i));
    test.shop->backup(copy).value();
    const auto opened = open_copy(test, copy);
    CHECK(opened->check().value().differences.empty());
    const std::size_t orders = placed_in(*opened).size();
    CHECK(orders >= before);
    before = orders;
  }
  std::filesystem::remove(go_on);
  std::int64_t bought = 0;
  for (ChildProcess& process : processes) bought += process.answer();
  CHECK(bought > 0);
  CHECK(placed_in(*test.shop).size() == static_cast<std::size_t>(bought));
}

TEST_CASE("a backup and a check leave the locks of the process as they are") {
  BuyingShop test;
  test.shop.reset();
  const std::string go = test.directory.file("go");
  // Who believes to be the last one to close a database deletes its log.
  ChildProcess other([&] {
    while (!std::filesystem::exists(go)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Look(test.file).number("SELECT COUNT(*) FROM orders");
    return std::filesystem::exists(test.file + "-wal") ? 1 : 0;
  });
  test.shop = test.open();
  test.buy(shopper());
  test.shop->backup(test.directory.file("copy.db")).value();
  test.shop->check().value();
  std::ofstream(go) << "now";
  CHECK(other.answer() == 1);
}
