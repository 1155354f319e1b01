// The storage port: a thin layer over SQL with two functions, write and read. Drivers: sqlite.cpp
// (and later postgres.cpp).
//
// Inside a body, storage faults are thrown (StorageFault), and only the driver catches them.
// Refusals of the domain are Results. So functions of rows read like plain code, and a fault is
// never mistaken for a refusal.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resys/engine.hpp"
#include "resys/host.hpp"
#include "resys/id.hpp"
#include "resys/money.hpp"
#include "resys/result.hpp"
#include "resys/state_machine.hpp"
#include "resys/time.hpp"

namespace resys::db {

// One statement. `text` must have static storage, because its address is the key of the cache of
// prepared statements. Parameters are $1, $2 ... The portable rules are in src/README.md, and a
// test executes them. In a write, a SELECT that ends with FOR UPDATE locks the rows that it finds.
// In a read, these words have no effect.
struct Sql {
  const char* text;
};

// A parameter. Texts are not copied, so they must live until the statement has run.
class Value {
 public:
  // An id's text; it needs no memory of its own.
  struct IdText {
    std::array<char, detail::kMaxIdLength> letters;
    std::size_t size;
    std::string_view view() const { return {letters.data(), size}; }
  };
  using Storage = std::variant<std::monostate, std::int64_t, std::string_view, IdText>;

  Value() = default;  // NULL
  Value(std::nullopt_t) {}
  Value(std::int64_t value) : storage_(value) {}
  Value(bool value) : storage_(std::int64_t{value}) {}
  Value(std::string_view value) : storage_(value) {}
  Value(const std::string& value) : storage_(std::string_view(value)) {}
  Value(const char* value) : storage_(std::string_view(value)) {}
  Value(Timestamp value) : storage_(value.micros) {}
  Value(const Currency& value) : storage_(value.code()) {}
  template <class Tag>
  Value(const Id<Tag>& id) {
    auto& text = storage_.emplace<IdText>();
    text.size = id.write(text.letters.data());
  }
  template <class Enum>
  requires requires { EnumNames<Enum>::names; }
  Value(Enum value) : storage_(name_of(value)) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) storage_ = Value(*value).storage_;
  }

  const Storage& storage() const noexcept { return storage_; }

 private:
  Storage storage_;
};

// A statement's parameters, in order. They belong to the caller and must not be kept.
class Values {
 public:
  Values(std::initializer_list<Value> values) : values_(values.begin(), values.size()) {}
  Values(std::span<const Value> values) : values_(values) {}
  auto begin() const noexcept { return values_.begin(); }
  auto end() const noexcept { return values_.end(); }
  std::size_t size() const noexcept { return values_.size(); }

 private:
  std::span<const Value> values_;
};

// Empty text and empty ids as NULL.
inline Value nullable(std::string_view text) {
  return text.empty() ? Value(std::nullopt) : Value(text);
}
template <class Tag>
Value nullable(const Id<Tag>& id) {
  return id.empty() ? Value(std::nullopt) : Value(id);
}

// The row under the cursor; valid inside the callback that receives it. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;   // NULL: 0
  virtual std::string_view text(int column) const = 0;  // NULL: empty; an integer: its digits
};

// Reads a row's columns in order: Columns(row) >> order.id >> order.number.
class Columns {
 public:
  explicit Columns(const Row& row) : row_(row) {}

  Columns& operator>>(std::int64_t& out) { return out = row_.integer(at_++), *this; }
  Columns& operator>>(bool& out) { return out = row_.integer(at_++) != 0, *this; }
  Columns& operator>>(std::string& out) { return out = row_.text(at_++), *this; }
  Columns& operator>>(Timestamp& out) { return out.micros = row_.integer(at_++), *this; }
  Columns& operator>>(Currency& out);
  template <class Tag>
  Columns& operator>>(Id<Tag>& out) {
    const std::string_view text = row_.text(at_++);
    if (text.empty()) {
      out = Id<Tag>();
      return *this;
    }
    const auto parsed = Id<Tag>::parse(text);
    if (!parsed) corrupt(Tag::prefix);
    out = parsed.value();
    return *this;
  }
  template <class Enum>
  requires requires { EnumNames<Enum>::names; }
  Columns& operator>>(Enum& out) {
    const auto parsed = parse_name<Enum>(row_.text(at_++));
    if (!parsed) corrupt(EnumNames<Enum>::type);
    out = *parsed;
    return *this;
  }
  template <class T>
  Columns& operator>>(std::optional<T>& out) {
    if (row_.null(at_)) {
      ++at_;
      out.reset();
      return *this;
    }
    return *this >> out.emplace();
  }

 private:
  [[noreturn]] void corrupt(std::string_view what) const;

  const Row& row_;
  int at_ = 0;
};

// Thrown in the body of a transaction: by Transaction, and by functions that find rows which
// contradict each other, or which another transaction has changed meanwhile. The driver catches it,
// and write() or read() returns its error.
class StorageFault : public std::exception {
 public:
  explicit StorageFault(Error error) : error_(std::move(error)) {}
  const char* what() const noexcept override { return error_.message().c_str(); }
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

// A body's view of the database. It must not be used after the body has returned.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // Returns how many rows were changed.
  virtual std::int64_t execute(const Sql& sql, Values values) = 0;
  // Calls `each` per row, in order.
  virtual void query(const Sql& sql, Values values,
                     const std::function<void(const Row&)>& each) = 0;

  // The first row read by `read`, or nothing.
  template <class T, class Read>
  std::optional<T> first(const Sql& sql, Values values, Read&& read) {
    std::optional<T> found;
    query(sql, values, [&](const Row& row) {
      if (!found) {
        Columns columns(row);
        read(columns, found.emplace());
      }
    });
    return found;
  }
  // All rows read by `read`.
  template <class T, class Read>
  std::vector<T> all(const Sql& sql, Values values, Read&& read) {
    std::vector<T> found;
    query(sql, values, [&](const Row& row) {
      Columns columns(row);
      read(columns, found.emplace_back());
    });
    return found;
  }
};

// The fact of a storage error that says that the file is damaged.
inline constexpr const char* kDamagedFact = "damaged";

// Reports the progress of a long call. If it returns an error, the call ends and returns that
// error.
using Step = std::function<Result<void>(std::int64_t done, std::int64_t total)>;

// A fault that a database finds in its own file.
struct FileFault {
  std::string id;             // a table's name, and a row's key if it is about one
  bool is_reference = false;  // the row refers to a row that does not exist
  std::string expected;
  std::string found;
};

struct FileCheck {
  std::int64_t tables = 0;
  std::vector<FileFault> faults;
};

struct FileCopy {
  std::int64_t bytes = 0;
  std::int64_t pages = 0;
};

class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` in a transaction. It is committed if the body returns a value, and rolled back if
  // the body returns an error or throws. The body may run more than once, and in the thread of
  // another waiting caller. So it has no effect but SQL and takes no lock. It assigns to what it
  // captures and never appends. It uses its transaction and never the database (internal). Returns
  // once the commit is durable. Errors beside the body's own: busy, storage, outcome_unknown (it
  // may or may not be committed).
  template <class Body>
  auto write(Body&& body) -> std::invoke_result_t<Body&, Transaction&> {
    return run(body, [this](const auto& erased) { return do_write(erased); });
  }

  // Runs `body` on one consistent snapshot. Never waits for a writer (except on :memory:).
  template <class Body>
  auto read(Body&& body) -> std::invoke_result_t<Body&, Transaction&> {
    return run(body, [this](const auto& erased) { return do_read(erased); });
  }

  virtual EngineInfo engine() const = 0;
  // To be called after the schema has changed. Updates the statistics of the query planner, and
  // puts the schema into the file itself.
  virtual Result<void> finish_schema() = 0;

  // Checks whether the file is sound, and whether every reference leads to a row. Each table is
  // read on a snapshot of its own. `step` counts tables, on the caller's thread.
  virtual Result<FileCheck> check_file(const Step& step) = 0;

  // Copies one snapshot to a new file, and checks the copy. The file only appears once it is
  // complete, sound and on the disk. The steps count pages, on the caller's thread. Errors:
  // conflict (the file exists already), invalid_request (it cannot be created), storage.
  virtual Result<FileCopy> copy_to(const std::string& path, const Step& copying,
                                   const Step& checking) = 0;

 protected:
  using ErasedBody = std::function<Result<void>(Transaction&)>;
  virtual Result<void> do_write(const ErasedBody& body) = 0;
  virtual Result<void> do_read(const ErasedBody& body) = 0;

 private:
  template <class Body, class Run>
  static auto run(Body& body, Run&& run_erased) -> std::invoke_result_t<Body&, Transaction&> {
    using Answer = std::invoke_result_t<Body&, Transaction&>;
    std::optional<Answer> answer;
    Result<void> outcome = run_erased([&](Transaction& transaction) -> Result<void> {
      answer.emplace(body(transaction));
      if (answer->has_error()) return answer->error();
      return success();
    });
    if (outcome.has_error()) return outcome.error();
    return std::move(*answer);
  }
};

// Opens "sqlite:FILE" or "sqlite::memory:", with options as
// "?writer=thread&logPages=N&lostLog=accept&vfs=NAME": a thread of the database's own writes while
// callers wait for each other; the write-ahead log is copied into the database at N pages (of 4 kB;
// 4000 if not given); a file whose log is missing is opened without what is lost; SQLite's VFS of
// that name is used.
// `log` may be null. Errors: invalid_request, storage, conflict (another program's database).
Result<std::unique_ptr<Database>> open_sqlite(std::string_view url,
                                              std::shared_ptr<Log> log = nullptr);

}  // namespace resys::db
