// The disk fails or fills up. What was acknowledged is there after a crash and after a power loss,
// what was refused is not, and nobody is told "unknown" unless a commit failed.
#include <filesystem>

#include "base/together.hpp"
#include "support/catch.hpp"
#include "support/faulty_vfs.hpp"
#include "support/refusal.hpp"
#include "support/temporary.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using db::Row;
using db::Sql;
using db::Transaction;

namespace {

using Ids = std::set<std::int64_t>;

// What callers were told about their ids.
struct Told {
  Ids stored, refused, unknown;

  void tell(std::int64_t id, const Write& answer) {
    if (answer.has_value()) {
      stored.insert(id);
    } else if (answer.error().code() == Errc::outcome_unknown) {
      unknown.insert(id);
    } else {
      refused.insert(id);
    }
  }
};

Ids ids_in(const std::string& file) {
  const auto database = db::open_sqlite("sqlite:" + file).value();
  static constexpr Sql sane{"PRAGMA integrity_check"};
  std::string report;
  (void)database->read([&](Transaction& tx) -> Result<void> {
    tx.query(sane, {}, [&](const Row& row) { report = row.text(0); });
    return success();
  });
  CHECK(report == "ok");
  return item_ids(*database);
}

void check_told(const Told& told, const Ids& found) {
  for (const std::int64_t id : told.stored) CHECK(found.contains(id));
  for (const std::int64_t id : told.refused) CHECK(!found.contains(id));
}

// The files as a crash of the process leaves them, and as a power loss does.
void check_crashes(const Told& told, const std::string& file, FaultyVfs& vfs) {
  namespace fs = std::filesystem;
  const TemporaryDirectory killed;
  for (const char* suffix : {"", "-wal"}) {
    if (fs::exists(file + suffix)) fs::copy_file(file + suffix, killed.file("shop.db") + suffix);
  }
  check_told(told, ids_in(killed.file("shop.db")));
  const TemporaryDirectory unplugged;
  vfs.save_durable(unplugged.path().string());
  check_told(told, ids_in(unplugged.file("shop.db")));
}

struct Shop {
  explicit Shop(const std::string& options = "")
      : url("sqlite:" + file + "?vfs=" + vfs.name() + options) {}

  FaultyVfs vfs;
  TemporaryDirectory directory;
  std::string file = directory.file("shop.db");
  std::string url;
  std::unique_ptr<db::Database> database = open_items(url);
};

// Inserts the ids together with what `culprit` does; its own id is the last.
Told insert_together(Shop& shop, const Ids& ids, std::int64_t culprit_id, const Body& culprit,
                     const std::function<void()>& before) {
  std::vector<Body> bodies;
  for (const std::int64_t id : ids) bodies.push_back(insert(id));
  bodies.insert(bodies.begin() + static_cast<std::ptrdiff_t>(bodies.size() / 2), culprit);
  const std::vector<Outcome> outcomes = run_together(*shop.database, bodies, before);
  Told told;
  std::size_t at = 0;
  for (const std::int64_t id : ids) {
    if (at == ids.size() / 2) told.tell(culprit_id, outcomes[at++].answer);
    told.tell(id, outcomes[at++].answer);
  }
  return told;
}

// A body that inserts an item of so many bytes.
Body insert_large(std::int64_t id, std::size_t bytes) {
  return [id, bytes](Transaction& tx) -> Write {
    tx.execute(kInsertItem, {id, std::string(bytes, 'x')});
    return success();
  };
}

}  // namespace

TEST_CASE("a body that fills the disk is refused and its neighbours are stored", "[concurrent]") {
  // The larger one overflows SQLite's cache in the middle of the body, the smaller one only at the
  // commit.
  const std::size_t bytes = GENERATE(600'000u, 8'000'000u);
  Shop shop(GENERATE("", "&writer=thread"));
  const Told told = insert_together(shop, {1, 2, 3, 4}, 9, insert_large(9, bytes),
                                    [&] { shop.vfs.limit_space(shop.vfs.bytes_used() + 200'000); });
  CHECK(told.stored == Ids{1, 2, 3, 4});
  CHECK(told.refused == Ids{9});
  check_crashes(told, shop.file, shop.vfs);
  shop.vfs.heal();
  CHECK(shop.database->write(insert_large(9, bytes)));
  CHECK(item_ids(*shop.database) == Ids{1, 2, 3, 4, 9});
}

TEST_CASE("a full disk refuses everybody and harms nobody", "[concurrent]") {
  Shop shop(GENERATE("", "&writer=thread"));
  REQUIRE(insert_item(*shop.database, 1));
  const Told told = insert_together(shop, {2, 3, 4}, 9, insert(9),
                                    [&] { shop.vfs.limit_space(shop.vfs.bytes_used()); });
  CHECK(told.refused == Ids{2, 3, 4, 9});
  CHECK(item_ids(*shop.database) == Ids{1});
  check_crashes(told, shop.file, shop.vfs);
  shop.vfs.heal();
  CHECK(insert_item(*shop.database, 2));
}

TEST_CASE("a sync that fails at the commit leaves the outcome unknown, for this batch alone",
          "[concurrent]") {
  const bool forever = GENERATE(false, true);
  Shop shop(GENERATE("", "&writer=thread"));
  REQUIRE(insert_item(*shop.database, 1));
  // A reader keeps the log from being emptied when the writer's connection is closed, or does not.
  if (GENERATE(false, true)) CHECK(item_ids(*shop.database) == Ids{1});
  const Told told = insert_together(shop, {2, 3, 4}, 9, insert(9), [&] {
    shop.vfs.fail(FaultyVfs::only(FaultyVfs::Call::sync), 1, forever);
  });
  CHECK(shop.vfs.struck());
  // The body that kept the writer occupied has written nothing, so its commit needed no sync.
  CHECK(!told.unknown.empty());
  CHECK(told.refused.size() + told.unknown.size() + told.stored.size() == 4);
  if (!forever) CHECK(told.refused.empty());
  check_crashes(told, shop.file, shop.vfs);
  shop.vfs.heal();
  Told later = told;
  for (const std::int64_t id : {10, 11, 12}) later.tell(id, insert_item(*shop.database, id));
  CHECK(later.stored.contains(12));
  check_told(later, item_ids(*shop.database));
  check_crashes(later, shop.file, shop.vfs);
}

TEST_CASE("whichever I/O call fails, what callers were told is true", "[concurrent]") {
  const bool forever = GENERATE(false, true);
  // The large one overflows the cache, so that there is I/O in the middle of the body, too.
  const std::size_t bytes = GENERATE(20u, 3'000'000u);
  const std::int64_t step = bytes == 20u ? 1 : by_tier(97, 23, 1);
  std::int64_t nth = 1;
  for (bool struck = true; struck; nth += step) {
    CAPTURE(forever, bytes, nth);
    Shop shop;
    REQUIRE(insert_item(*shop.database, 1));
    Told told = insert_together(shop, {2, 3}, 9, insert_large(9, bytes),
                                [&] { shop.vfs.fail(FaultyVfs::kAllCalls, nth, forever); });
    told.tell(4, insert_item(*shop.database, 4));
    struck = shop.vfs.struck();
    if (!struck) CHECK(told.stored == Ids{2, 3, 4, 9});
    shop.vfs.heal();
    check_crashes(told, shop.file, shop.vfs);
    told.tell(5, insert_item(*shop.database, 5));
    CHECK(told.stored.contains(5));
    check_told(told, item_ids(*shop.database));
    check_crashes(told, shop.file, shop.vfs);
    shop.database.reset();
    check_told(told, ids_in(shop.file));
  }
  CHECK(nth > 10);
}

TEST_CASE("only a failing commit is unknown", "[concurrent]") {
  // Reads and locks fail before anything is written.
  const unsigned calls =
      GENERATE(FaultyVfs::only(FaultyVfs::Call::read), FaultyVfs::only(FaultyVfs::Call::open));
  for (std::int64_t nth = 1; nth <= 10; ++nth) {
    Shop shop;
    shop.vfs.fail(calls, nth);
    Told told;
    for (std::int64_t id = 1; id <= 5; ++id) told.tell(id, insert_item(*shop.database, id));
    CHECK(told.unknown.empty());
    shop.vfs.heal();
    check_told(told, item_ids(*shop.database));
  }
}

TEST_CASE("whichever I/O call fails, opening is refused or succeeds, and can be repeated") {
  bool struck = true;
  for (std::int64_t nth = 1; struck; ++nth) {
    CAPTURE(nth);
    const TemporaryDirectory directory;
    FaultyVfs vfs;
    const std::string url = "sqlite:" + directory.file("shop.db") + "?vfs=" + vfs.name();
    vfs.fail(FaultyVfs::kAllCalls, nth);
    const auto first = db::open_sqlite(url);
    struck = vfs.struck();
    if (!first) check_refused(first, Errc::storage);
    if (!struck) CHECK(first);
    vfs.heal();
    const auto second = open_items(url);
    CHECK(insert_item(*second, 1));
  }
}

TEST_CASE("a read that meets a failing disk is refused, and the next one works") {
  Shop shop;
  for (std::int64_t id = 1; id <= 3; ++id) REQUIRE(insert_item(*shop.database, id));
  bool struck = true;
  for (std::int64_t nth = 1; struck; ++nth) {
    CAPTURE(nth);
    const auto reopened = db::open_sqlite(shop.url).value();
    shop.vfs.fail(FaultyVfs::kAllCalls, nth);
    const auto count = reopened->read([](Transaction& tx) -> Result<std::int64_t> {
      std::int64_t found = 0;
      tx.query(kCountItems, {}, [&](const Row& row) { found = row.integer(0); });
      return found;
    });
    struck = shop.vfs.struck();
    shop.vfs.heal();
    if (count) {
      CHECK(count.value() == 3);
    } else {
      CHECK(count.error().code() == Errc::storage);
    }
    CHECK(item_ids(*reopened).size() == 3);
  }
}
