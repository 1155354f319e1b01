// The writer's queue: batches share a sync, and each body answers for itself alone.
#include <sqlite3.h>

#include <atomic>
#include <stdexcept>

#include "base/together.hpp"
#include "support/catch.hpp"
#include "support/faulty_vfs.hpp"
#include "support/temporary.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using db::Row;
using db::Sql;
using db::Transaction;

namespace {

std::int64_t count_items(Transaction& tx) {
  std::int64_t count = 0;
  tx.query(kCountItems, {}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

// Calls `work(thread)` in each of so many threads.
void in_threads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("bodies that fail leave their neighbours alone", "[concurrent]") {
  const std::string options = GENERATE("", "?writer=thread");
  const TemporaryDirectory directory;
  const auto database = open_items("sqlite:" + directory.file("shop.db") + options);
  REQUIRE(insert_item(*database, 1));
  const std::vector<Outcome> outcomes =
      run_together(*database, {
                                  insert(10),
                                  [](Transaction& tx) -> Write {
                                    tx.execute(kInsertItem, {std::int64_t{11}, "x"});
                                    return Error(Errc::conflict, "refused");
                                  },
                                  insert(12),
                                  [](Transaction& tx) -> Write {
                                    tx.execute(kInsertItem, {std::int64_t{13}, "x"});
                                    tx.execute(kInsertItem, {std::int64_t{1}, "taken"});
                                    return success();
                                  },
                                  insert(14),
                                  [](Transaction& tx) -> Write {
                                    tx.execute(kInsertItem, {std::int64_t{15}, "x"});
                                    throw std::runtime_error("a defect");
                                  },
                                  insert(16),
                              });
  for (const std::size_t innocent : {0u, 2u, 4u, 6u}) CHECK(outcomes[innocent].ok());
  CHECK(outcomes[1].code() == Errc::conflict);
  CHECK(outcomes[3].code() == Errc::storage);
  REQUIRE(outcomes[5].thrown);
  CHECK_THROWS_AS(std::rethrow_exception(outcomes[5].thrown), std::runtime_error);
  CHECK(item_ids(*database) == std::set<std::int64_t>{1, 10, 12, 14, 16});
}

TEST_CASE("a body that breaks a rule only at the commit leaves its neighbours alone",
          "[concurrent]") {
  const std::string options = GENERATE("", "?writer=thread");
  const TemporaryDirectory directory;
  const auto database = open_items("sqlite:" + directory.file("shop.db") + options);
  static constexpr Sql create{
      "CREATE TABLE parts (item BIGINT PRIMARY KEY REFERENCES items (id) "
      "DEFERRABLE INITIALLY DEFERRED)"};
  static constexpr Sql orphan{"INSERT INTO parts VALUES (7)"};
  const auto execute = [](const Sql& sql) {
    return [&sql](Transaction& tx) -> Write {
      tx.execute(sql, {});
      return success();
    };
  };
  REQUIRE(database->write(execute(create)));
  const auto outcomes = run_together(*database, {insert(1), execute(orphan), insert(2)});
  CHECK(outcomes[0].ok());
  CHECK(outcomes[2].ok());
  CHECK(!outcomes[1].answer.error().fact("constraint").empty());
  CHECK(item_ids(*database) == std::set<std::int64_t>{1, 2});
}

TEST_CASE("a body sees its neighbours' rows and none of the refused", "[concurrent]") {
  const std::string options = GENERATE("", "?writer=thread");
  const TemporaryDirectory directory;
  const auto database = open_items("sqlite:" + directory.file("shop.db") + options);
  std::vector<Body> bodies;
  for (std::int64_t i = 0; i < 20; ++i) {
    bodies.push_back([i](Transaction& tx) -> Write {
      // The id is the number of rows before: a unique one for each that stays.
      tx.execute(kInsertItem, {count_items(tx), "x"});
      if (i % 2 == 1) return Error(Errc::conflict, "refused");
      return success();
    });
  }
  run_together(*database, bodies);
  CHECK(item_ids(*database) == std::set<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("each write of a lone caller is synced before it answers") {
  const std::string options = GENERATE("", "&writer=thread");
  FaultyVfs vfs;
  const TemporaryDirectory directory;
  const auto database =
      open_items("sqlite:" + directory.file("shop.db") + "?vfs=" + vfs.name() + options);
  for (std::int64_t id = 1; id <= 20; ++id) {
    const std::int64_t before = vfs.log_syncs();
    REQUIRE(insert_item(*database, id));
    CHECK(vfs.log_syncs() > before);
  }
}

TEST_CASE("writers that wait for each other share a sync", "[concurrent]") {
  const std::string options = GENERATE("", "&writer=thread");
  FaultyVfs vfs;
  const TemporaryDirectory directory;
  const auto database =
      open_items("sqlite:" + directory.file("shop.db") + "?vfs=" + vfs.name() + options);
  std::vector<Body> bodies;
  for (std::int64_t id = 0; id < 130; ++id) bodies.push_back(insert(id));
  std::int64_t before = 0;
  const auto outcomes = run_together(*database, bodies, [&] { before = vfs.log_syncs(); });
  for (const Outcome& outcome : outcomes) CHECK(outcome.ok());
  CHECK(item_ids(*database).size() == 130);
  const std::int64_t syncs = vfs.log_syncs() - before;
  CHECK(syncs >= 3);  // a batch has at most 64 bodies
  CHECK(syncs <= 65);
}

TEST_CASE("who is refused leaves the neighbours their shared sync", "[concurrent]") {
  const std::string options = GENERATE("", "&writer=thread");
  const bool changes_before = GENERATE(false, true);
  FaultyVfs vfs;
  const TemporaryDirectory directory;
  const auto database =
      open_items("sqlite:" + directory.file("shop.db") + "?vfs=" + vfs.name() + options);
  std::atomic<int> runs{0};
  std::vector<Body> bodies;
  for (std::int64_t id = 0; id < 40; ++id) {
    bodies.push_back([&runs, id, changes_before](Transaction& tx) -> Write {
      ++runs;
      const bool is_refused = id % 8 == 7;
      if (!is_refused || changes_before) tx.execute(kInsertItem, {id, "x"});
      if (is_refused) return Error(Errc::conflict, "refused");
      return success();
    });
  }
  // Twice: after a batch that had to undo something the next one expects to.
  for (int round = 0; round < 2; ++round) {
    REQUIRE(database->write([](Transaction& tx) -> Write {
      static constexpr Sql empty{"DELETE FROM items"};
      tx.execute(empty, {});
      return success();
    }));
    runs = 0;
    std::int64_t before = 0;
    const auto outcomes = run_together(*database, bodies, [&] { before = vfs.log_syncs(); });
    for (std::size_t id = 0; id < outcomes.size(); ++id) CHECK(outcomes[id].ok() == (id % 8 != 7));
    CHECK(item_ids(*database).size() == 35);
    CHECK(vfs.log_syncs() - before <= 10);
    if (changes_before) {
      CHECK(runs <= 2 * 40);
    } else {
      CHECK(runs == 40);
    }
  }
}

TEST_CASE("64 threads write and read, and nothing is lost", "[concurrent]") {
  const bool memory = GENERATE(false, true);
  const std::string options = GENERATE("", "&writer=thread");
  FaultyVfs vfs;
  const TemporaryDirectory directory;
  const std::string file = memory ? ":memory:" : directory.file("shop.db");
  const auto database = open_items("sqlite:" + file + "?vfs=" + vfs.name() + options);
  constexpr int threads = 64;
  const auto each = static_cast<int>(by_tier(10, 30, 200));
  std::atomic<int> failures{0};
  in_threads(threads, [&](int thread) {
    for (int i = 0; i < each; ++i) {
      const bool refuse = i % 5 == 4;
      const std::int64_t id = thread * 1000 + i;
      const Write written = database->write([&](Transaction& tx) -> Write {
        tx.execute(kInsertItem, {id, "x"});
        if (refuse) return Error(Errc::conflict, "refused");
        return success();
      });
      // What was acknowledged is seen by the next read; what was refused never is.
      const auto seen = database->read([&](Transaction& tx) -> Result<bool> {
        static constexpr Sql select{"SELECT 1 FROM items WHERE id = $1"};
        bool found = false;
        tx.query(select, {id}, [&](const Row&) { found = true; });
        return found;
      });
      if (written.has_value() == refuse || !seen || seen.value() == refuse) ++failures;
    }
  });
  CHECK(failures == 0);
  CHECK(item_ids(*database).size() == static_cast<std::size_t>(threads * (each - each / 5)));
  if (!memory) CHECK(vfs.log_syncs() < threads * each / 2);
}

TEST_CASE("a read is one snapshot and waits for no writer", "[concurrent]") {
  const TemporaryDirectory directory;
  const auto database = open_items("sqlite:" + directory.file("shop.db"));
  REQUIRE(insert_item(*database, 1));
  std::atomic<bool> written{false};
  std::atomic<bool> release{false};
  std::thread writer([&] {
    (void)database->write([&](Transaction& tx) -> Write {
      tx.execute(kInsertItem, {std::int64_t{2}, "x"});
      written = true;
      while (!release) std::this_thread::yield();
      return success();
    });
  });
  while (!written) std::this_thread::yield();
  // The writer is inside its transaction and stays there until the first count has been read.
  const auto counts = database->read([&](Transaction& tx) -> Result<std::vector<std::int64_t>> {
    const std::int64_t before = count_items(tx);
    if (!release.exchange(true)) writer.join();
    return std::vector{before, count_items(tx)};
  });
  CHECK(counts.value() == std::vector<std::int64_t>{1, 1});
  CHECK(item_ids(*database).size() == 2);
}

TEST_CASE("more readers than connections take turns", "[concurrent]") {
  const TemporaryDirectory directory;
  const auto database = open_items("sqlite:" + directory.file("shop.db"));
  REQUIRE(insert_item(*database, 1));
  std::atomic<int> seen{0};
  in_threads(32, [&](int) {
    for (int i = 0; i < 20; ++i) seen += static_cast<int>(item_ids(*database).size());
  });
  CHECK(seen == 32 * 20);
}

TEST_CASE("a database that others keep locked is busy, and can still be read") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file);
  REQUIRE(insert_item(*database, 1));
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const Write refused = insert_item(*database, 2);
  CHECK(refused.error().code() == Errc::busy);
  CHECK(item_ids(*database) == std::set<std::int64_t>{1});
  // Neither does a lock hinder the opening.
  CHECK(db::open_sqlite("sqlite:" + file));
  sqlite3_close(other);
  CHECK(insert_item(*database, 2));
}
