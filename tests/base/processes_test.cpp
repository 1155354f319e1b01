// Several processes on one file: they open it at the same moment, write at the same time, copy its
// files, fork, and one of them is killed.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "base/items.hpp"
#include "support/catch.hpp"
#include "support/copying_host.hpp"
#include "support/refusal.hpp"
#include "support/temporary.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using db::Sql;
using db::Transaction;

namespace {

// Runs `work` in a process of its own, whose exit status it answers.
pid_t start_process(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    int status = 99;
    try {
      status = work();
    } catch (...) {
      // Nothing must return into the test's own stack.
    }
    _exit(status);
  }
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::unique_ptr<db::Database> open_or_create_items(const std::string& url) {
  static constexpr Sql create{
      "CREATE TABLE IF NOT EXISTS items (id BIGINT PRIMARY KEY, name TEXT)"};
  auto database = db::open_sqlite(url).value();
  database
      ->write([](Transaction& tx) -> Write {
        tx.execute(create, {});
        return success();
      })
      .value();
  return database;
}

std::int64_t count_items(Transaction& tx) {
  std::int64_t count = 0;
  tx.query(kCountItems, {}, [&](const db::Row& row) { count = row.integer(0); });
  return count;
}

// Each commit adds two items, so what a snapshot has is even, and stays what it is.
bool reads_a_snapshot(db::Database& database) {
  return database
      .read([](Transaction& tx) -> Result<bool> {
        const std::int64_t before = count_items(tx);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::int64_t found = 0;
        tx.query(kSelectItems, {}, [&](const db::Row&) { ++found; });
        return before % 2 == 0 && found == before;
      })
      .value();
}

// Inserts pairs, and has a reader beside. 0 if nothing went wrong.
int insert_and_read(const std::string& url, std::int64_t first, std::int64_t pairs) {
  const auto database = db::open_sqlite(url).value();
  std::atomic<bool> is_over = false;
  std::atomic<bool> is_wrong = false;
  std::thread reader([&] {
    try {
      while (!is_over) is_wrong = is_wrong || !reads_a_snapshot(*database);
    } catch (const std::exception&) {
      is_wrong = true;
    }
  });
  const std::string text(500, 'x');
  for (std::int64_t i = 0; i < pairs && !is_wrong; ++i) {
    const auto written = database->write([&](Transaction& tx) -> Write {
      tx.execute(kInsertItem, {first + 2 * i, text});
      tx.execute(kInsertItem, {first + 2 * i + 1, text});
      return success();
    });
    if (!written) is_wrong = true;
  }
  is_over = true;
  reader.join();
  return is_wrong ? 1 : 0;
}

}  // namespace

TEST_CASE("processes that open a new file at once and write to it lose nothing") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("shop.db");
  constexpr int processes = 4;
  constexpr int threads = 8;
  const auto writes = static_cast<int>(by_tier(20, 50, 500));
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    children.push_back(start_process([&] {
      const auto database = open_or_create_items(url);
      std::atomic<int> failures{0};
      std::vector<std::thread> running;
      for (int thread = 0; thread < threads; ++thread) {
        running.emplace_back([&, thread] {
          for (int i = 0; i < writes; ++i) {
            const std::int64_t id = (process * threads + thread) * 1000 + i;
            if (!insert_item(*database, id)) ++failures;
          }
        });
      }
      for (std::thread& each : running) each.join();
      return failures == 0 ? 0 : 1;
    }));
  }
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  const auto database = db::open_sqlite(url).value();
  CHECK(item_ids(*database).size() == static_cast<std::size_t>(processes * threads * writes));
}

TEST_CASE("what a killed process was told is there for the next one") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("shop.db");
  int told[2];
  REQUIRE(pipe(told) == 0);
  const pid_t child = start_process([&] {
    const auto database = open_or_create_items(url);
    for (std::int64_t id = 1;; ++id) {
      if (!insert_item(*database, id)) return 1;
      if (write(told[1], &id, sizeof id) != sizeof id) return 1;
    }
  });
  close(told[1]);
  std::int64_t last = 0;
  while (last < 50) REQUIRE(read(told[0], &last, sizeof last) == sizeof last);
  kill(child, SIGKILL);
  while (read(told[0], &last, sizeof last) == sizeof last) {
  }
  close(told[0]);
  CHECK(status_of(child) == -1);

  const auto database = db::open_sqlite(url).value();
  const std::set<std::int64_t> ids = item_ids(*database);
  for (std::int64_t id = 1; id <= last; ++id) CHECK(ids.contains(id));
  CHECK(insert_item(*database, last + 2));
}

// Where the system has no locks of a descriptor nothing helps against it.
#ifdef F_OFD_SETLK
TEST_CASE("processes whose hosts copy all files of the database lose nothing", "[slow]") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::string url = "sqlite:" + file + "?logPages=10";
  open_or_create_items(url).reset();
  const std::int64_t pairs = by_tier(300, 1'000, 10'000);
  constexpr int processes = 3;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    children.push_back(start_process([&] {
      std::optional<CopyingHost> host;
      if (process > 0) {
        host.emplace(file, directory.file("copy" + std::to_string(process)),
                     std::chrono::microseconds(300));
      }
      return insert_and_read(url, process * 1'000'000, pairs);
    }));
  }
  // Who opens the file for the first time empties an index that nobody seems to use.
  const pid_t visitor = start_process([&] {
    for (int i = 0; i < 50; ++i) {
      if (!reads_a_snapshot(*db::open_sqlite(url).value())) return 1;
    }
    return 0;
  });
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  CHECK(status_of(visitor) == 0);
  const auto database = db::open_sqlite(url).value();
  CHECK(item_ids(*database).size() == static_cast<std::size_t>(2 * processes * pairs));
  const auto check =
      database->check_file([](std::int64_t, std::int64_t) -> Result<void> { return success(); });
  CHECK(check.value().faults.empty());
}
#endif

// ---- fork

TEST_CASE("a forked child uses nothing that its parent has open") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("shop.db");
  auto database = open_or_create_items(url);
  REQUIRE(insert_item(*database, 1));
  const pid_t child = start_process([&] {
    const auto is_refused = [](const auto& result) {
      return result.has_error() && result.error().code() == Errc::invalid_state &&
             result.error().message().find("fork") != std::string::npos;
    };
    if (!is_refused(insert_item(*database, 2))) return 1;
    if (!is_refused(database->read([](Transaction&) -> Result<int> { return 1; }))) return 2;
    if (!is_refused(db::open_sqlite(url))) return 3;
    database.reset();
    if (!is_refused(db::open_sqlite(url))) return 4;
    // Another file is nobody else's.
    return insert_item(*open_or_create_items(url + ".own"), 1) ? 0 : 5;
  });
  CHECK(status_of(child) == 0);
  CHECK(insert_item(*database, 3));
  CHECK(item_ids(*database) == std::set<std::int64_t>{1, 3});
}

TEST_CASE("a forked child opens what its parent has closed, and each opens it anew") {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("shop.db");
  open_or_create_items(url).reset();
  const pid_t child = start_process([&] {
    const auto database = db::open_sqlite(url).value();
    for (std::int64_t id = 1; id <= 200; ++id) {
      if (!insert_item(*database, id)) return 1;
    }
    return 0;
  });
  const auto database = db::open_sqlite(url).value();
  for (std::int64_t id = 1'001; id <= 1'200; ++id) REQUIRE(insert_item(*database, id));
  CHECK(status_of(child) == 0);
  CHECK(item_ids(*database).size() == 400);
}

TEST_CASE("a forked child that lives on keeps no lock of its parent's") {
  const bool is_killed = GENERATE(false, true);
  CAPTURE(is_killed);
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + directory.file("shop.db");
  open_or_create_items(url).reset();
  int told[2];
  REQUIRE(pipe(told) == 0);
  pid_t child = 0;
  const pid_t parent = start_process([&] {
    auto database = db::open_sqlite(url).value();
    if (!insert_item(*database, 1)) return 1;
    const auto forks_in_a_commit = database->write([&](Transaction& tx) -> Write {
      tx.execute(kInsertItem, {std::int64_t{2}, "x"});
      child = start_process([] {
        for (;;) pause();
        return 0;
      });
      if (write(told[1], &child, sizeof child) != sizeof child)
        return Error(Errc::internal, "no pipe");
      if (is_killed) kill(getpid(), SIGKILL);
      return success();
    });
    return forks_in_a_commit ? 0 : 1;
  });
  REQUIRE(read(told[0], &child, sizeof child) == sizeof child);
  CHECK(status_of(parent) == (is_killed ? -1 : 0));
  const auto began = std::chrono::steady_clock::now();
  {
    const auto database = db::open_sqlite(url).value();
    CHECK(insert_item(*database, 3));
    CHECK(item_ids(*database).size() == (is_killed ? 2 : 3));
  }
  // As for any other program: nobody has the file open now.
  CHECK(db::open_sqlite(url).has_value());
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(4));
  kill(child, SIGKILL);
  for (const int end : told) close(end);
}
