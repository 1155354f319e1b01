// The storage port as its callers see it, on a file and in memory.
#include <sqlite3.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "base/items.hpp"
#include "resys/order_state.hpp"
#include "support/catch.hpp"
#include "support/temporary.hpp"

using namespace resys;
using namespace resys::test;
using db::Columns;
using db::Row;
using db::Sql;
using db::Transaction;

namespace {

// Each test case runs on both.
std::string url_of(bool memory, const TemporaryDirectory& directory) {
  return memory ? "sqlite::memory:" : "sqlite:" + directory.file("shop.db");
}

}  // namespace

TEST_CASE("what a body answers decides whether its rows stay") {
  const bool memory = GENERATE(false, true);
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(memory, directory));

  REQUIRE(insert_item(*database, 1));
  const Write refused = database->write([](Transaction& tx) -> Write {
    tx.execute(kInsertItem, {std::int64_t{2}, "x"});
    return Error(Errc::conflict, "taken");
  });
  CHECK(refused.error().code() == Errc::conflict);
  CHECK_THROWS_AS(database->write([](Transaction& tx) -> Write {
    tx.execute(kInsertItem, {std::int64_t{3}, "x"});
    throw std::runtime_error("a defect");
  }),
                  std::runtime_error);
  CHECK(item_ids(*database) == std::set<std::int64_t>{1});
}

TEST_CASE("a write answers its value") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  const Result<std::int64_t> count = database->write([](Transaction& tx) -> Result<std::int64_t> {
    return tx.execute(kInsertItem, {std::int64_t{1}, "x"});
  });
  CHECK(count.value() == 1);
}

TEST_CASE("a broken rule of the schema is a storage fault that names it") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  REQUIRE(insert_item(*database, 1));
  for (const Write& broken : {insert_item(*database, 1), insert_item(*database, 2, "forbidden")}) {
    REQUIRE(broken.has_error());
    CHECK(broken.error().code() == Errc::storage);
    CHECK(!broken.error().fact("constraint").empty());
  }
  CHECK(item_ids(*database) == std::set<std::int64_t>{1});
}

TEST_CASE("foreign keys are on") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  const Write orphan = database->write([](Transaction& tx) -> Write {
    static constexpr Sql create{
        "CREATE TABLE parts (item BIGINT PRIMARY KEY REFERENCES items (id))"};
    static constexpr Sql insert{"INSERT INTO parts VALUES (7)"};
    tx.execute(create, {});
    tx.execute(insert, {});
    return success();
  });
  CHECK(!orphan.error().fact("constraint").empty());
}

TEST_CASE("a rule that is checked at the commit is broken by its body alone") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql create{
      "CREATE TABLE parts (item BIGINT PRIMARY KEY REFERENCES items (id) "
      "DEFERRABLE INITIALLY DEFERRED)"};
  static constexpr Sql insert{"INSERT INTO parts VALUES (7)"};
  REQUIRE(database->write([](Transaction& tx) -> Write {
    tx.execute(create, {});
    return success();
  }));
  const Write orphan = database->write([](Transaction& tx) -> Write {
    tx.execute(insert, {});
    return success();
  });
  CHECK(!orphan.error().fact("constraint").empty());
  CHECK(insert_item(*database, 1));
}

TEST_CASE("a body that swallows a fault still fails") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  REQUIRE(insert_item(*database, 1));
  const Write result = database->write([](Transaction& tx) -> Write {
    tx.execute(kInsertItem, {std::int64_t{2}, "x"});
    try {
      tx.execute(kInsertItem, {std::int64_t{1}, "x"});
    } catch (const db::StorageFault&) {
    }
    return success();
  });
  CHECK(result.error().code() == Errc::storage);
  CHECK(item_ids(*database) == std::set<std::int64_t>{1});
}

TEST_CASE("parameters are what their numbers say") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql select{"SELECT $3, '$1 -- ''?', $1, -- don't count $9\n $2 AS \"$2\", $1"};
  const auto texts = database->read([](Transaction& tx) -> Result<std::vector<std::string>> {
    std::vector<std::string> found;
    tx.query(select, {"one", "two", "three"}, [&](const Row& row) {
      for (int i = 0; i < 5; ++i) found.emplace_back(row.text(i));
    });
    return found;
  });
  CHECK(texts.value() == std::vector<std::string>{"three", "$1 -- '?", "one", "two", "one"});
}

TEST_CASE("a defective statement is refused") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql two{"DELETE FROM items; DELETE FROM items"};
  static constexpr Sql misspelled{"DELEET FROM items"};
  const auto run = [&](const Sql& sql, db::Values values) {
    return database->write([&](Transaction& tx) -> Write {
      tx.execute(sql, values);
      return success();
    });
  };
  CHECK(run(two, {}).error().code() == Errc::internal);
  CHECK(run(misspelled, {}).error().code() == Errc::storage);
  CHECK(run(kInsertItem, {std::int64_t{1}}).error().code() == Errc::internal);
  CHECK(item_ids(*database).empty());
}

TEST_CASE("values come back as they went in") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql select{"SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10"};
  const OrderId id{detail::Uuid{1, 2}};
  const Currency yen = Currency::parse("JPY").value();
  const std::string bytes("a\0b", 3);
  struct Read {
    std::int64_t integer = 0;
    bool flag = false;
    std::string text, empty = "full";
    Timestamp time;
    Currency currency;
    OrderId id, none{detail::Uuid{7, 7}};
    OrderState state{};
    std::optional<std::int64_t> absent = 5;
  };
  const auto read = database->read([&](Transaction& tx) -> Result<Read> {
    return tx
        .first<Read>(select,
                     {INT64_MIN, true, bytes, "", Timestamp{-5}, yen, id, db::nullable(OrderId()),
                      OrderState::delivery, std::nullopt},
                     [](Columns& columns, Read& out) {
                       columns >> out.integer >> out.flag >> out.text >> out.empty >> out.time >>
                           out.currency >> out.id >> out.none >> out.state >> out.absent;
                     })
        .value();
  });
  REQUIRE(read);
  CHECK(read.value().integer == INT64_MIN);
  CHECK(read.value().flag);
  CHECK(read.value().text == bytes);
  CHECK(read.value().empty.empty());
  CHECK(read.value().time.micros == -5);
  CHECK(read.value().currency == yen);
  CHECK(read.value().id == id);
  CHECK(read.value().none.empty());
  CHECK(read.value().state == OrderState::delivery);
  CHECK(!read.value().absent);
}

TEST_CASE("a stored value that no version could have written is a storage fault") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql select{"SELECT 'nonsense'"};
  const auto read_as = [&](auto value) {
    return database->read([&](Transaction& tx) -> Result<void> {
      tx.first<decltype(value)>(select, {}, [](Columns& columns, auto& out) { columns >> out; });
      return success();
    });
  };
  CHECK(read_as(Currency()).error().code() == Errc::storage);
  CHECK(read_as(OrderId()).error().fact("type") == "order");
  CHECK(read_as(OrderState()).error().fact("type") == "OrderState");
}

TEST_CASE("a statement may run while it runs") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  for (std::int64_t id = 1; id <= 3; ++id) REQUIRE(insert_item(*database, id));
  const auto pairs = database->read([](Transaction& tx) -> Result<int> {
    int count = 0;
    tx.query(kSelectItems, {},
             [&](const Row&) { tx.query(kSelectItems, {}, [&](const Row&) { ++count; }); });
    return count;
  });
  CHECK(pairs.value() == 9);
}

TEST_CASE("RETURNING does not hinder the commit, even if its rows are left unread") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  static constexpr Sql insert{
      "INSERT INTO items (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id"};
  CHECK_THROWS_AS(database->write([](Transaction& tx) -> Write {
    tx.query(insert, {}, [](const Row&) { throw std::runtime_error("enough"); });
    return success();
  }),
                  std::runtime_error);
  CHECK(item_ids(*database).empty());
  const auto first = database->write([](Transaction& tx) -> Result<std::int64_t> {
    return tx
        .first<std::int64_t>(insert, {},
                             [](Columns& columns, std::int64_t& out) { columns >> out; })
        .value();
  });
  CHECK(first.value() == 1);
  CHECK(item_ids(*database) == std::set<std::int64_t>{1, 2});
}

TEST_CASE("a body that calls the database instead of its transaction is told so") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  const auto write = [&] { return insert_item(*database, 1); };
  const auto read = [&] {
    return database->read([](Transaction&) -> Result<void> { return success(); });
  };
  const auto inside = [&](const auto& call) {
    return [&call](Transaction&) -> Result<void> { return call(); };
  };
  CHECK(database->write(inside(write)).error().code() == Errc::internal);
  CHECK(database->write(inside(read)).error().code() == Errc::internal);
  CHECK(database->read(inside(write)).error().code() == Errc::internal);
  CHECK(database->read(inside(read)).error().code() == Errc::internal);
  CHECK(write());
}

TEST_CASE("a read does not write") {
  const TemporaryDirectory directory;
  const auto database = open_items(url_of(GENERATE(false, true), directory));
  const auto result = database->read([](Transaction& tx) -> Result<void> {
    tx.execute(kInsertItem, {std::int64_t{1}, "x"});
    return success();
  });
  CHECK(result.error().code() == Errc::internal);
  CHECK(item_ids(*database).empty());
}

TEST_CASE("a database says which engine it runs on, and whether that one has the WAL-reset bug") {
  const auto database = db::open_sqlite("sqlite::memory:").value();
  const EngineInfo engine = database->engine();
  CHECK(engine.name == "SQLite");
  CHECK(engine.version == sqlite3_libversion());
  // By SQLite's own account: fixed in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines.
  const int version = sqlite3_libversion_number();
  const bool is_fixed = version >= 3'051'003 || (version >= 3'050'007 && version < 3'051'000) ||
                        (version >= 3'044'006 && version < 3'045'000);
  CHECK(engine.has_wal_reset_bug == !is_fixed);
}

TEST_CASE("a file that is not a database is refused on opening") {
  const TemporaryDirectory directory;
  const auto code = [](const std::string& url) { return db::open_sqlite(url).error().code(); };
  CHECK(code("") == Errc::invalid_request);
  CHECK(code("postgres:x") == Errc::invalid_request);
  CHECK(code("sqlite:") == Errc::invalid_request);
  CHECK(code("sqlite::else:") == Errc::invalid_request);
  CHECK(code(std::string("sqlite:a\0b", 10)) == Errc::invalid_request);
  CHECK(code("sqlite:x?mode=ro") == Errc::invalid_request);
  CHECK(code("sqlite:x?vfs=nonesuch") == Errc::invalid_request);
  CHECK(code("sqlite:x?writer=none") == Errc::invalid_request);
  CHECK(code("sqlite:x?writer=thread&writer=thread") == Errc::invalid_request);
  CHECK(code("sqlite:x?writer=thread&") == Errc::invalid_request);
  CHECK(code("sqlite:" + directory.file("no/such/folder")) == Errc::storage);
  const std::string page = directory.file("page.html");
  std::ofstream(page) << std::string(5000, 'x');
  CHECK(code("sqlite:" + page) == Errc::storage);
}
