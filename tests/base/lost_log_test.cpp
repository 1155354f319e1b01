// A file whose log is missing, or another file's, is told from one that is complete.
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/items.hpp"
#include "resys/shop.hpp"
#include "support/callers.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/ports.hpp"
#include "support/refusal.hpp"
#include "support/temporary.hpp"

using namespace resys;
using namespace resys::test;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kItems = 20;

void wait_for(const std::string& file) {
  for (int i = 0; i < 10'000 && !fs::exists(file); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(fs::exists(file));
}

// A process opens the database, does the work, and is killed while it has it open.
template <class Work>
void do_and_be_killed(const TemporaryDirectory& directory, const std::string& url,
                      const Work& work) {
  const std::string done = directory.file("done");
  fs::remove(done);
  ChildProcess child([&]() -> std::int64_t {
    const auto database = db::open_sqlite(url);
    if (!database) return -2;
    work(*database.value());
    std::ofstream(done) << "done";
    for (;;) pause();
  });
  wait_for(done);
  REQUIRE(child.kill());
}

void insert_items(db::Database& database, std::int64_t first = 1) {
  for (std::int64_t id = first; id < first + kItems; ++id) insert_item(database, id).value();
}

// Another program that takes itself for the last one, as it is: it copies the log and deletes it.
void let_another_program_close(const std::string& file) {
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "SELECT COUNT(*) FROM items", nullptr, nullptr, nullptr) ==
          SQLITE_OK);
  sqlite3_close(other);
  REQUIRE(!fs::exists(file + "-wal"));
}

std::size_t count_items(const std::string& url) {
  return item_ids(*db::open_sqlite(url).value()).size();
}

}  // namespace

TEST_CASE("a database whose log is missing is not opened, unless the loss is accepted") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file;
  const std::string saved = directory.file("saved");
  open_items(url).reset();
  do_and_be_killed(directory, url, [](db::Database& database) { insert_items(database); });
  fs::copy_file(file + "-wal", saved);
  fs::remove(file + "-shm");

  const std::string loss = GENERATE(std::string("deleted"), "emptied", "cut off", "overwritten");
  CAPTURE(loss);
  const std::string log_file = file + "-wal";
  std::string what = "missing";
  if (loss == "deleted") {
    fs::remove(log_file);
  } else if (loss == "emptied") {
    fs::resize_file(log_file, 0);
  } else if (loss == "cut off") {
    fs::resize_file(log_file, 3'000);
    what = "cut off";
  } else {
    std::fstream(log_file, std::ios::in | std::ios::out | std::ios::binary)
        << std::string(4'096, '\0');
    what = "damaged";
  }
  // Again and again: what a refused opening leaves is no log.
  for (int i = 0; i < 2; ++i) {
    const auto opened = db::open_sqlite(url);
    const Error& error = refusal(opened, Errc::storage);
    CHECK(error.fact("what") == what);
    CHECK(error.fact("file") == log_file);
  }

  SECTION("put back") {
    fs::copy_file(saved, log_file, fs::copy_options::overwrite_existing);
    CHECK(count_items(url) == kItems);
  }
  SECTION("accepted") {
    const auto log = std::make_shared<RecordingLog>();
    const auto database = db::open_sqlite(url + "?lostLog=accept", log).value();
    REQUIRE(log->lines().size() == 1);
    CHECK(log->lines()[0].find("is lost") != std::string::npos);
    CHECK(item_ids(*database).empty());
    insert_items(*database);
    CHECK(count_items(url) == kItems);
  }
  SECTION("accepted once") {
    db::open_sqlite(url + "?lostLog=accept").value().reset();
    CHECK(count_items(url) == 0);
  }
}

TEST_CASE("a database that was copied without its log is not opened") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file);
  insert_items(*database);
  const std::string copy = directory.file("copy.db");
  fs::copy_file(file, copy);
  CHECK(refusal(db::open_sqlite("sqlite:" + copy), Errc::storage).fact("what") == "missing");
}

TEST_CASE("a database that is complete needs no log") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file;
  open_items(url).reset();
  SECTION("the shop was closed") {
    insert_items(*db::open_sqlite(url).value());
    fs::remove(file + "-wal");
    fs::remove(file + "-shm");
  }
  SECTION("the shop was killed, and another program has copied the log") {
    do_and_be_killed(directory, url, [](db::Database& database) { insert_items(database); });
    let_another_program_close(file);
  }
  SECTION("the shop only read when it was killed") {
    insert_items(*db::open_sqlite(url).value());
    do_and_be_killed(directory, url, [](db::Database& database) { item_ids(database); });
    fs::remove(file + "-wal");
    fs::remove(file + "-shm");
  }
  SECTION("its last write was refused when it was killed") {
    insert_items(*db::open_sqlite(url).value());
    do_and_be_killed(directory, url,
                     [](db::Database& database) { (void)insert_item(database, 100, "forbidden"); });
    let_another_program_close(file);
  }
  for (int i = 0; i < 2; ++i) CHECK(count_items(url) == kItems);
}

TEST_CASE("a new shop that has lost its log is not taken for a new one") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file;
  do_and_be_killed(directory, url, [](db::Database& database) {
    database
        .write([](db::Transaction& tx) -> Write {
          tx.execute(kCreateItems, {});
          return success();
        })
        .value();
  });
  fs::remove(file + "-wal");
  fs::remove(file + "-shm");
  CHECK(refusal(db::open_sqlite(url), Errc::storage).fact("what") == "missing");
}

TEST_CASE("a log is missed also after others have closed the database, or copied the log") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string options = GENERATE("", "?logPages=5");
  const std::string url = "sqlite:" + file + options;
  const bool by_shop = GENERATE(true, false);
  CAPTURE(options, by_shop);
  open_items(url).reset();
  do_and_be_killed(directory, url, [&](db::Database& database) {
    insert_items(database);
    if (by_shop) {
      insert_items(*db::open_sqlite(url).value(), 1'000);
    } else {
      sqlite3* other = nullptr;
      sqlite3_open(file.c_str(), &other);
      sqlite3_exec(other, "PRAGMA wal_checkpoint", nullptr, nullptr, nullptr);
      sqlite3_close(other);
    }
    insert_items(database, 2'000);
  });
  fs::copy(directory.path(), directory.path() / "whole");
  fs::remove(file + "-wal");
  fs::remove(file + "-shm");
  CHECK(refusal(db::open_sqlite(url), Errc::storage).fact("what") == "missing");
  CHECK(count_items("sqlite:" + directory.file("whole/shop.db")) == (by_shop ? 3 : 2) * kItems);
}

TEST_CASE("a backup needs no log, and is not opened with the shop's") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file;
  const std::string backup = directory.file("backup.db");
  const auto no_step = [](std::int64_t, std::int64_t) -> Result<void> { return success(); };
  open_items(url).reset();
  {
    const auto database = db::open_sqlite(url).value();
    insert_items(*database);
    database->copy_to(backup, no_step, no_step).value();
  }
  const int logs = GENERATE(0, 3);  // begun anew since
  for (int i = 1; i <= logs; ++i) insert_items(*db::open_sqlite(url).value(), 1'000 * i);
  do_and_be_killed(directory, url, [](db::Database& database) { insert_items(database, 9'000); });

  fs::copy_file(backup, file, fs::copy_options::overwrite_existing);
  for (const char* option : {"", "?lostLog=accept"}) {
    const auto opened = db::open_sqlite(url + option);
    CHECK(refusal(opened, Errc::storage).fact("what") == "foreign");
  }
  fs::remove(file + "-wal");
  fs::remove(file + "-shm");
  CHECK(count_items(url) == kItems);
}

TEST_CASE("another shop's log is not taken for the own one") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string other = directory.file("other.db");
  for (const std::string& each : {file, other}) open_items("sqlite:" + each).reset();
  do_and_be_killed(directory, "sqlite:" + other,
                   [](db::Database& database) { insert_items(database); });
  fs::copy_file(other + "-wal", file + "-wal", fs::copy_options::overwrite_existing);
  fs::remove(file + "-shm");
  CHECK(refusal(db::open_sqlite("sqlite:" + file), Errc::storage).fact("what") == "foreign");
}

// The file of a young shop has one page: all that was sold is in the log.
TEST_CASE("another shop's log beside the file of a young shop is not called damage") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string other = directory.file("other.db");
  const std::string saved = directory.file("saved");
  open_items("sqlite:" + other).reset();
  if (GENERATE(true, false)) {
    do_and_be_killed(directory, "sqlite:" + other,
                     [](db::Database& database) { insert_items(database); });
  }
  do_and_be_killed(directory, "sqlite:" + file, [](db::Database& database) {
    database
        .write([](db::Transaction& tx) -> Write {
          tx.execute(kCreateItems, {});
          return success();
        })
        .value();
    insert_items(database);
  });
  fs::copy_file(file + "-wal", saved);
  fs::copy_file(other + "-wal", file + "-wal", fs::copy_options::overwrite_existing);
  fs::remove(file + "-shm");
  for (const char* option : {"", "?lostLog=accept"}) {
    const auto opened = db::open_sqlite("sqlite:" + file + option);
    CHECK(refusal(opened, Errc::storage).fact("what") == "foreign");
  }
  fs::copy_file(saved, file + "-wal", fs::copy_options::overwrite_existing);
  fs::remove(file + "-shm");
  CHECK(count_items("sqlite:" + file) == kItems);
}

TEST_CASE("a young shop whose log was cut is not begun anew without a word") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string done = directory.file("done");
  ShopOptions options{.database = "sqlite:" + file, .processors = {manual_processor()}};
  ChildProcess child([&]() -> std::int64_t {
    auto shop = Shop::open(options).value();
    for (int i = 0; i < 5; ++i) {
      shop->admin()
          .products()
          .create(staff(), {.slug = "tea" + std::to_string(i), .name = "Tea"})
          .value();
    }
    std::ofstream(done) << "done";
    for (;;) pause();
  });
  wait_for(done);
  REQUIRE(child.kill());
  // The schema is in the file.
  CHECK(fs::file_size(file) > 100'000);
  const std::string log_file = file + "-wal";
  const auto whole = fs::file_size(log_file);
  fs::copy_file(log_file, directory.file("saved"));

  const auto log = std::make_shared<RecordingLog>();
  options.log = log;
  const auto products = [&](std::uintmax_t bytes) {
    fs::copy_file(directory.file("saved"), log_file, fs::copy_options::overwrite_existing);
    fs::resize_file(log_file, bytes);
    fs::remove(file + "-shm");
    const auto shop = Shop::open(options).value();
    return shop->admin().products().list(staff()).value().items.size();
  };
  SECTION("all of it is there") {
    CHECK(products(whole) == 5);
    CHECK(log->lines().empty());
  }
  SECTION("behind its first page") {
    CHECK(products(4'152) == 0);
    REQUIRE(log->lines().size() == 1);
    CHECK(log->lines()[0].find("has no whole commit") != std::string::npos);
  }
}

TEST_CASE("where an old snapshot keeps the log from being copied, the shop sells on") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file + "?logPages=10";
  open_items(url).reset();
  sqlite3* reader = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &reader) == SQLITE_OK);
  const auto run = [&](const char* sql) {
    REQUIRE(sqlite3_exec(reader, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  const auto database = db::open_sqlite(url).value();
  insert_items(*database);
  run("BEGIN");
  run("SELECT COUNT(*) FROM items");
  insert_items(*database, 1'000);
  CHECK(count_items(url) == 2 * kItems);
  run("COMMIT");
  sqlite3_close(reader);
  insert_items(*database, 2'000);
  CHECK(count_items(url) == 3 * kItems);
}
