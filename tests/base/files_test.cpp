// The database's files: made whole, watched while they are open, and a log that stays short.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "base/items.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/faulty_vfs.hpp"
#include "support/ports.hpp"
#include "support/refusal.hpp"
#include "support/temporary.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
namespace fs = std::filesystem;

namespace {

// Another program opens the database, reads it, and closes it: Python's own SQLite.
bool visit(const std::string& file) {
  const std::string command = "python3 -c \"import sqlite3; c = sqlite3.connect('" + file +
                              "'); c.execute('SELECT COUNT(*) FROM items').fetchall(); c.close()\"";
  return std::system(command.c_str()) == 0;
}

// As a host does that copies the files itself: POSIX then drops this process's locks.
void copy_in_this_process(const std::string& file, const std::string& to) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::ofstream(to + suffix, std::ios::binary)
        << std::ifstream(file + suffix, std::ios::binary).rdbuf();
  }
}

std::string content_of(const std::string& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(directory))
    names.push_back(each.path().filename());
  return names;
}

// Long enough that a look at the files counts as old.
void let_looks_grow_old() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

// Nobody is told any more that something was stored, or is read.
void check_refuses(db::Database& database, std::string_view what) {
  let_looks_grow_old();
  const auto refused = insert_item(database, 1'000);
  CHECK(refusal(refused, Errc::storage).fact("what") == what);
  const auto read = database.read([](db::Transaction&) -> Result<int> { return 1; });
  CHECK(refusal(read, Errc::storage).fact("what") == what);
}

}  // namespace

TEST_CASE("nothing is confirmed once a file of the database is gone or another one") {
  const std::string options = GENERATE("", "?writer=thread");
  const std::string suffix = GENERATE("", "-wal", "-shm");
  const bool replaced = GENERATE(false, true);
  CAPTURE(options, suffix, replaced);
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  auto database = open_items("sqlite:" + file + options);
  REQUIRE(insert_item(*database, 1));
  fs::rename(file + suffix, directory.file("elsewhere"));
  if (replaced) fs::copy_file(directory.file("elsewhere"), file + suffix);
  check_refuses(*database, replaced ? "replaced" : "deleted");
  // Also when it is put back: what was done meanwhile is not known.
  fs::rename(directory.file("elsewhere"), file + suffix);
  check_refuses(*database, replaced ? "replaced" : "deleted");
  database.reset();
  CHECK(item_ids(*db::open_sqlite("sqlite:" + file).value()) == std::set<std::int64_t>{1});
}

// `cp` onto it: the file is the same, its contents are not.
TEST_CASE("nothing is confirmed once the file has been written over") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string backup = directory.file("backup.db");
  const auto database = open_items("sqlite:" + file);
  if (GENERATE(true, false)) {
    REQUIRE(insert_item(*database, 1));
    const auto no_step = [](std::int64_t, std::int64_t) -> Result<void> { return success(); };
    database->copy_to(backup, no_step, no_step).value();
  } else {
    open_items("sqlite:" + backup).reset();
  }
  REQUIRE(insert_item(*database, 2));
  fs::copy_file(backup, file, fs::copy_options::overwrite_existing);
  check_refuses(*database, "overwritten");
  check_refuses(*database, "overwritten");
}

// Who opens the link finds the file under its other name, without the log.
TEST_CASE("nothing is confirmed once a link lies where the file was") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file);
  REQUIRE(insert_item(*database, 1));
  fs::rename(file, directory.file("elsewhere.db"));
  fs::create_symlink(directory.file("elsewhere.db"), file);
  check_refuses(*database, "replaced");
}

TEST_CASE("a commit that went into a file which nobody can find is not confirmed") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file);
  const auto written = database->write([&](db::Transaction& tx) -> Write {
    tx.execute(kInsertItem, {std::int64_t{1}, "x"});
    fs::remove(file + "-wal");
    return success();
  });
  check_refused(written, Errc::outcome_unknown);
}

TEST_CASE("another name for the file would have another log") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file);
  fs::create_hard_link(file, directory.file("second.db"));
  check_refuses(*database, "linked");
}

TEST_CASE("a file that has another name is not opened, under either") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string second = directory.file("second.db");
  open_items("sqlite:" + file).reset();
  fs::create_hard_link(file, second);
  for (const std::string& each : {file, second}) {
    const auto opened = db::open_sqlite("sqlite:" + each);
    const Error& error = refusal(opened, Errc::storage);
    CHECK(error.fact("what") == "linked");
    CHECK(error.fact("file") == each);
  }
  fs::remove(second);
  CHECK(db::open_sqlite("sqlite:" + file).has_value());
}

TEST_CASE("a link leads to the file and its one log") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string link = directory.file("link.db");
  fs::create_symlink("shop.db", link);
  SECTION("to a file") {
    auto by_name = open_items("sqlite:" + file);
    const auto by_link = db::open_sqlite("sqlite:" + link).value();
    CHECK(insert_item(*by_link, 1));
    CHECK(insert_item(*by_name, 2));
    CHECK(item_ids(*by_link) == std::set<std::int64_t>{1, 2});
    CHECK(!fs::exists(link + "-wal"));
  }
  SECTION("to none") {
    CHECK(refusal(db::open_sqlite("sqlite:" + link), Errc::storage).fact("file") == link);
    CHECK(!fs::exists(file));
  }
  SECTION("of a folder that is set to another one") {
    fs::create_directory(directory.file("one"));
    fs::create_directory(directory.file("two"));
    fs::create_symlink("one", directory.file("current"));
    const auto database = open_items("sqlite:" + directory.file("current/shop.db"));
    fs::remove(directory.file("current"));
    fs::create_symlink("two", directory.file("current"));
    let_looks_grow_old();
    CHECK(insert_item(*database, 1));
    CHECK(item_ids(*db::open_sqlite("sqlite:" + directory.file("one/shop.db")).value()).size() ==
          1);
  }
}

TEST_CASE("a relative path stays what it was when the process goes to another folder") {
  const TemporaryDirectory directory;
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  const auto database = open_items("sqlite:shop.db?logPages=2");
  fs::current_path(before);
  let_looks_grow_old();
  for (std::int64_t id = 1; id <= 10; ++id) REQUIRE(insert_item(*database, id));
  CHECK(item_ids(*database).size() == 10);
  CHECK(item_ids(*db::open_sqlite("sqlite:" + directory.file("shop.db")).value()).size() == 10);
}

TEST_CASE("what is confirmed survives a copying host and another program", "[slow]") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  std::set<std::int64_t> confirmed;
  auto database = open_items("sqlite:" + file);
  for (std::int64_t id = 1; id <= 10; ++id) {
    if (insert_item(*database, id)) confirmed.insert(id);
    if (id != 4) continue;
    // The other program takes itself for the last one that has the file open, and deletes the log,
    // and for the first one that has the index open, and empties it.
    copy_in_this_process(file, directory.file("copy.db"));
    REQUIRE(visit(file));
    let_looks_grow_old();
  }
  // Where the system has no locks of a descriptor it depends on the engine whether the log is gone.
#ifdef F_OFD_SETLK
  CHECK(fs::exists(file + "-wal"));
  CHECK(confirmed.size() == 10);
#else
  if (!fs::exists(file + "-wal")) CHECK(confirmed.size() == 4);
#endif
  database.reset();
  const auto found = item_ids(*db::open_sqlite("sqlite:" + file).value());
  for (const std::int64_t id : confirmed) CHECK(found.contains(id));
}

TEST_CASE("a commit that is long by itself is no reason to warn of readers") {
  const TemporaryDirectory directory;
  const auto log = std::make_shared<RecordingLog>();
  const std::string url = "sqlite:" + directory.file("shop.db");
  open_items(url).reset();
  const auto database = db::open_sqlite(url + "?logPages=3", log).value();
  for (std::int64_t first = 0; first < 500; first += 100) {
    REQUIRE(database->write([&](db::Transaction& tx) -> Write {
      for (std::int64_t id = first; id < first + 100; ++id) {
        tx.execute(kInsertItem, {id, std::string(3'000, 'x')});
      }
      return success();
    }));
  }
  CHECK(log->lines() == std::vector<std::string>{});
}

TEST_CASE("two shops of which one copies its files lose nothing", "[slow]") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file + "?logPages=20";
  open_items(url).reset();
  const auto rounds = by_tier(10, 40, 400);
  const auto sell = [&](std::int64_t first, bool copies) -> std::int64_t {
    std::int64_t stored = 0;
    for (std::int64_t round = 0; round < rounds; ++round) {
      // Opened and closed again and again: whoever is last must not delete what others need.
      const auto opened = db::open_sqlite(url);
      if (!opened) return -2;
      for (int i = 0; i < 5; ++i) {
        if (!insert_item(*opened.value(), first + stored)) return -3;
        ++stored;
        if (copies && i == 2) copy_in_this_process(file, directory.file("copy.db"));
      }
    }
    return stored;
  };
  ChildProcess copying([&] { return sell(1, true); });
  ChildProcess other([&] { return sell(1'000'000, false); });
  CHECK(copying.answer() == 5 * rounds);
  CHECK(other.answer() == 5 * rounds);
  const auto found = item_ids(*db::open_sqlite("sqlite:" + file).value());
  CHECK(found.size() == static_cast<std::size_t>(10 * rounds));
}

TEST_CASE("a new file is private and appears whole; what is left of a lost one is no new shop") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file;
  open_items(url).reset();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat found {};
    REQUIRE(stat((file + suffix).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
  CHECK(db::open_sqlite(url).has_value());

  SECTION("what is made beside it has its rights") {
    REQUIRE(chmod(file.c_str(), 0660) == 0);
    fs::remove(file + "-wal");
    fs::remove(file + "-shm");
    CHECK(insert_item(*db::open_sqlite(url).value(), 1));
    for (const char* suffix : {"-wal", "-shm"}) {
      struct stat found {};
      REQUIRE(stat((file + suffix).c_str(), &found) == 0);
      CHECK((found.st_mode & 0777) == 0660);
    }
  }

  SECTION("emptied") {
    fs::resize_file(file, 0);
    CHECK(refusal(db::open_sqlite(url), Errc::storage).fact("file") == file);
    CHECK(fs::file_size(file) == 0);
  }
  SECTION("deleted beside its log") {
    fs::remove(file);
    CHECK(refusal(db::open_sqlite(url), Errc::storage).fact("file") == file);
    CHECK(!fs::exists(file));
  }
  // What is not the shop's stays as it was, and nothing new lies beside it.
  SECTION("another program's") {
    const TemporaryDirectory theirs;
    const std::string other = theirs.file("other.db");
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(other.c_str(), &database) == SQLITE_OK);
    const std::string sql = GENERATE("CREATE TABLE theirs (x)", "PRAGMA user_version = 7",
                                     "PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)");
    CAPTURE(sql);
    REQUIRE(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
    const std::string before = content_of(other);
    CHECK(refusal(db::open_sqlite("sqlite:" + other), Errc::conflict).fact("file") == other);
    CHECK(content_of(other) == before);
    CHECK(names_in(theirs.path()) == std::vector<std::string>{"other.db"});
  }
  SECTION("no database at all") {
    const TemporaryDirectory theirs;
    const std::string other = theirs.file("other.txt");
    const std::string text(GENERATE(std::size_t{3}, 90U, 5'000U), 'x');
    std::ofstream(other) << text;
    check_refused(db::open_sqlite("sqlite:" + other), Errc::storage);
    CHECK(content_of(other) == text);
    CHECK(names_in(theirs.path()) == std::vector<std::string>{"other.txt"});
  }
}

TEST_CASE("a database that was closed is complete without its log") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  auto database = open_items("sqlite:" + file);
  for (std::int64_t id = 1; id <= 50; ++id) REQUIRE(insert_item(*database, id));
  database.reset();
  CHECK(fs::file_size(file + "-wal") < 10'000);
  fs::copy_file(file, directory.file("copy.db"));
  const auto copy = db::open_sqlite("sqlite:" + directory.file("copy.db")).value();
  CHECK(item_ids(*copy).size() == 50);
}

TEST_CASE("the log stays short, and is cut when an old snapshot has made it long") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto log = std::make_shared<RecordingLog>();
  auto database = db::open_sqlite("sqlite:" + file + "?logPages=100", log).value();
  REQUIRE(database->write([](db::Transaction& tx) -> Write {
    tx.execute(kCreateItems, {});
    return success();
  }));
  std::int64_t id = 0;
  const auto insert_many = [&](int count) {
    for (int i = 0; i < count; ++i) REQUIRE(insert_item(*database, ++id, std::string(3'000, 'x')));
  };
  constexpr std::uintmax_t page = 4'120;
  insert_many(500);
  const auto log_bytes = [&] { return fs::file_size(file + "-wal"); };
  CHECK(log_bytes() < 200 * page);
  CHECK(log->lines().empty());

  sqlite3* reader = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &reader) == SQLITE_OK);
  const auto run = [&](const char* sql) {
    REQUIRE(sqlite3_exec(reader, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  run("BEGIN");
  run("SELECT COUNT(*) FROM items");
  insert_many(500);
  CHECK(log_bytes() > 500 * page);
  REQUIRE(!log->lines().empty());
  CHECK(log->lines()[0].find("old snapshot") != std::string::npos);
  constexpr std::uintmax_t kept = 64 << 20;  // of a log that was longer
  for (int i = 0; i < 20; ++i) {
    REQUIRE(insert_item(*database, ++id, std::string(4 << 20, 'x')));
  }
  REQUIRE(log_bytes() > kept + (16 << 20));
  run("COMMIT");
  sqlite3_close(reader);
  // A long log is copied again after so many pages; who writes next begins it anew.
  REQUIRE(insert_item(*database, ++id, std::string(8 << 20, 'x')));
  insert_many(1);
  CHECK(log_bytes() <= kept);
  insert_many(200);
  CHECK(log_bytes() <= kept);
  CHECK(item_ids(*database).size() == static_cast<std::size_t>(id));
  database.reset();
  CHECK(log_bytes() < 10'000);
}

// ---- several processes and the log

namespace {

// Two shops write to one file, in two processes or opened twice in this one. What they did with the
// locks of writers and checkpoints, in the order of time: who, what.
using LockTrace = std::multimap<std::int64_t, std::pair<int, std::string>>;

LockTrace trace_two_shops(const std::string& folder, bool two_processes, int log_pages,
                          std::int64_t writes) {
  const std::string file = folder + "/shop.db";
  const std::string trace_file = folder + "/trace";
  const int trace = open(trace_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  REQUIRE(trace >= 0);
  const auto sell = [&](int who) -> std::int64_t {
    FaultyVfs vfs;
    vfs.trace_locks(trace, who);
    const auto database = db::open_sqlite(
        "sqlite:" + file + "?logPages=" + std::to_string(log_pages) + "&vfs=" + vfs.name());
    if (!database) return -2;
    for (std::int64_t i = 0; i < writes; ++i) {
      if (!insert_item(*database.value(), who * 1'000'000 + i)) return -3;
    }
    return writes;
  };
  open_items("sqlite:" + file).reset();
  if (two_processes) {
    ChildProcess one([&] { return sell(1); });
    ChildProcess other([&] { return sell(2); });
    CHECK(one.answer() == writes);
    CHECK(other.answer() == writes);
  } else {
    std::int64_t done[2] = {0, 0};
    std::thread one([&] { done[0] = sell(1); });
    std::thread other([&] { done[1] = sell(2); });
    one.join();
    other.join();
    CHECK(done[0] == writes);
    CHECK(done[1] == writes);
  }
  close(trace);
  CHECK(item_ids(*db::open_sqlite("sqlite:" + file).value()).size() ==
        static_cast<std::size_t>(2 * writes));

  LockTrace moments;
  std::ifstream in(trace_file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::int64_t moment = 0;
    int who = 0;
    std::string what;
    words >> moment >> who >> what;
    moments.emplace(moment, std::pair(who, what));
  }
  return moments;
}

std::int64_t count(const LockTrace& trace, std::string_view wanted) {
  return std::count_if(trace.begin(), trace.end(),
                       [&](const auto& each) { return each.second.second == wanted; });
}

}  // namespace

TEST_CASE("while a checkpoint runs no other shop commits", "[slow]") {
  const bool two_processes = GENERATE(true, false);
  CAPTURE(two_processes);
  const TemporaryDirectory directory;
  const auto trace =
      trace_two_shops(directory.file(""), two_processes, 10, by_tier(200, 600, 5'000));
  int checkpointing = 0;  // which of them, or 0
  int writing = 0;
  for (const auto& [moment, each] : trace) {
    const auto& [who, what] = each;
    if (what == "write+") {
      if (checkpointing != 0) CHECK(checkpointing == who);
      writing = who;
    } else if (what == "write-") {
      if (checkpointing != 0) CHECK(checkpointing != who);
      if (writing == who) writing = 0;
    } else if (what == "checkpoint+") {
      CHECK(writing == who);
      checkpointing = who;
    } else {
      checkpointing = 0;
    }
  }
  CHECK(count(trace, "checkpoint+") > 10);
}

TEST_CASE("two shops on one file copy the log as often as it is full, not after each commit",
          "[slow]") {
  const bool two_processes = GENERATE(true, false);
  CAPTURE(two_processes);
  const TemporaryDirectory directory;
  const auto writes = by_tier(500, 1'500, 10'000);
  constexpr int log_pages = 100;
  const auto trace = trace_two_shops(directory.file(""), two_processes, log_pages, writes);
  const std::int64_t checkpoints = count(trace, "checkpoint+");
  const std::int64_t commits = count(trace, "write+");
  INFO(checkpoints << " checkpoints, " << commits << " commits");
  CHECK(checkpoints >= 2 * writes / log_pages);
  CHECK(checkpoints <= 4 * commits / log_pages);
}

// ---- locks

TEST_CASE("whoever waits for a lock is told within five seconds, however many wait", "[slow]") {
  const std::string options = GENERATE("", "?writer=thread");
  CAPTURE(options);
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const auto database = open_items("sqlite:" + file + options);
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  std::atomic<int> busy{0};
  std::atomic<int> late{0};
  std::vector<std::thread> callers;
  for (std::int64_t id = 1; id <= 64; ++id) {
    callers.emplace_back([&, id] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10 * (id % 8)));
      const auto began = std::chrono::steady_clock::now();
      const auto answer = insert_item(*database, id);
      if (answer.has_error() && answer.error().code() == Errc::busy) ++busy;
      // Half as much again: the machine may be occupied.
      if (std::chrono::steady_clock::now() - began > std::chrono::milliseconds(7'500)) ++late;
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(busy == 64);
  CHECK(late == 0);
  sqlite3_close(other);
  CHECK(insert_item(*database, 65));
  CHECK(item_ids(*database) == std::set<std::int64_t>{65});
}
