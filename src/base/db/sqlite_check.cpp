// A damaged file must not end its own check. If SQLite cannot read something, that is a fault like
// others.
#include "base/db/sqlite_check.hpp"

#include <sqlite3.h>

#include <set>
#include <utility>

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr const char* kSound = "a sound table";
constexpr int kOpcodesBetweenLooks = 10'000;
constexpr std::chrono::milliseconds kBetweenQuestions{50};

std::string quoted(char quote, const std::string& text) {
  std::string out(1, quote);
  for (const char letter : text) out.append(letter == quote ? 2 : 1, letter);
  return out + quote;
}
std::string name(const std::string& text) { return quoted('"', text); }
std::string literal(const std::string& text) { return quoted('\'', text); }

bool is_damage(const SQLite::Exception& exception) {
  return exception.getErrorCode() == SQLITE_CORRUPT || exception.getErrorCode() == SQLITE_NOTADB;
}

// A foreign key whose child refers to rows that are not there.
struct BrokenReference {
  std::string parent;
  int number;  // of the table's foreign keys
  friend auto operator<=>(const BrokenReference&, const BrokenReference&) = default;
};

// Finds the rows with a broken reference. SQLite itself does not name them for a table without
// rowids.
void find_rows(Connection& connection, const std::string& table, const BrokenReference& reference,
               std::vector<FileFault>& faults) {
  std::string key;
  each_row(connection, "PRAGMA table_info(" + name(table) + ")", [&](sqlite3_stmt* row) {
    if (sqlite3_column_int(row, 5) == 0) return;
    key += (key.empty() ? "" : " || ' ' || ") + ("c." + name(text_of(row, 1)));
  });
  std::string is_set;
  std::string is_its;
  each_row(connection, "PRAGMA foreign_key_list(" + name(table) + ")", [&](sqlite3_stmt* row) {
    if (sqlite3_column_int(row, 0) != reference.number) return;
    const std::string column = "c." + name(text_of(row, 3));
    is_set += column + " IS NOT NULL AND ";
    is_its += (is_its.empty() ? "p." : " AND p.") + name(text_of(row, 4)) + " = " + column;
  });
  each_row(connection,
           R"(SELECT )" + (key.empty() ? "c.rowid" : key) + " FROM " + name(table) + " c WHERE " +
               is_set + R"(NOT EXISTS (SELECT 1 FROM )" + name(reference.parent) + " p WHERE " +
               is_its + ")",
           [&](sqlite3_stmt* row) {
             faults.push_back({.id = table + " " + text_of(row, 0),
                               .is_reference = true,
                               .expected = "a row of " + reference.parent,
                               .found = "none"});
           });
}

// Runs the work. If the file turns out to be damaged, that is a fault.
template <class Work>
void find_damage(const std::string& table, const char* expected, std::vector<FileFault>& faults,
                 const Work& work) {
  try {
    work();
  } catch (const SQLite::Exception& exception) {
    if (!is_damage(exception)) throw;
    faults.push_back({table, false, expected, exception.what()});
  }
}

void check_table(Connection& connection, const std::string& table, std::vector<FileFault>& faults) {
  find_damage(table, kSound, faults, [&] {
    each_row(connection, "PRAGMA integrity_check(" + literal(table) + ")", [&](sqlite3_stmt* row) {
      const std::string found = text_of(row, 0);
      if (found != "ok") faults.push_back({table, false, kSound, found});
    });
  });
  find_damage(table, "references that can be followed", faults, [&] {
    std::set<BrokenReference> broken;
    each_row(connection, "PRAGMA foreign_key_check(" + literal(table) + ")",
             [&](sqlite3_stmt* row) {
               broken.insert({text_of(row, 2), sqlite3_column_int(row, 3)});
             });
    for (const BrokenReference& reference : broken) {
      find_rows(connection, table, reference, faults);
    }
  });
}

// The check of the schema's own table also covers the list of free pages.
std::vector<std::string> list_tables(Connection& connection, std::vector<FileFault>& faults) {
  std::vector<std::string> tables{"sqlite_schema"};
  find_damage(tables.front(), kSound, faults, [&] {
    each_row(connection, R"(SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)",
             [&](sqlite3_stmt* row) { tables.push_back(text_of(row, 0)); });
  });
  return tables;
}

}  // namespace

void each_row(Connection& connection, const std::string& sql,
              const std::function<void(sqlite3_stmt*)>& each) {
  sqlite3_stmt* prepared = nullptr;
  connection.require(sqlite3_prepare_v2(connection.handle(), sql.c_str(), -1, &prepared, nullptr));
  const std::unique_ptr<sqlite3_stmt, Connection::Finalize> statement(prepared);
  while (connection.step(prepared)) each(prepared);
}

std::string text_of(sqlite3_stmt* row, int column) {
  const unsigned char* text = sqlite3_column_text(row, column);
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

Watch::Watch(Connection& connection, std::function<Result<void>()> ask)
    : connection_(connection), ask_(std::move(ask)), asked_at_(SteadyClock::now()) {
  sqlite3_progress_handler(connection_.handle(), kOpcodesBetweenLooks, &Watch::call, this);
}

Watch::~Watch() { sqlite3_progress_handler(connection_.handle(), 0, nullptr, nullptr); }

int Watch::call(void* self) noexcept {
  auto& watch = *static_cast<Watch*>(self);
  const auto now = SteadyClock::now();
  if (now - watch.asked_at_ < kBetweenQuestions) return 0;
  watch.asked_at_ = now;
  try {
    watch.answer_ = watch.ask_();
  } catch (...) {  // an exception must not pass through SQLite
    watch.thrown_ = std::current_exception();
  }
  return watch.answer_.has_error() || watch.thrown_ ? 1 : 0;
}

Result<void> Watch::answer() const {
  if (thrown_) std::rethrow_exception(thrown_);
  return answer_;
}

Result<FileCheck> check_tables(const OnConnection& on_connection, const Step& step) {
  FileCheck check;
  std::vector<std::string> tables;
  RESYS_TRYV(on_connection([&](Connection& connection) {
    check.faults.clear();  // the work may run again
    tables = list_tables(connection, check.faults);
  }));
  const auto count = static_cast<std::int64_t>(tables.size());
  for (const std::string& table : tables) {
    RESYS_TRYV(step(check.tables, count));
    std::vector<FileFault> faults;
    RESYS_TRYV(on_connection([&](Connection& connection) {
      faults.clear();
      check_table(connection, table, faults);
    }));
    check.faults.insert(check.faults.end(), faults.begin(), faults.end());
    ++check.tables;
  }
  RESYS_TRYV(step(count, count));
  return check;
}

Result<FileCheck> check_file(const Location& location, const Step& step) {
  std::int64_t done = 0;
  std::int64_t total = 0;
  const Step counted = [&](std::int64_t new_done, std::int64_t new_total) {
    done = new_done;
    total = new_total;
    return step(done, total);
  };
  try {
    Connection connection(location, Connection::Use::read);
    const Watch watch(connection, [&] { return step(done, total); });
    const OnConnection on_connection = [&](const auto& work) -> Result<void> {
      try {
        connection.begin("BEGIN", SteadyClock::now() + kBusyTimeout);
        work(connection);
        connection.run("ROLLBACK");  // a COMMIT would fail again on a damaged file
        return success();
      } catch (const SQLite::Exception& exception) {
        if (connection.in_transaction()) connection.run("ROLLBACK");
        RESYS_TRYV(watch.answer());
        return to_error(exception);
      }
    };
    return check_tables(on_connection, counted);
  } catch (const SQLite::Exception& exception) {
    return to_error(exception);
  }
}

}  // namespace resys::db
