// Several processes on one file: they open it at the same moment, write at the same time, and one
// of them is killed.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "db/items.hpp"
#include "support/catch.hpp"
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
