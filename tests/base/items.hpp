// The little table the tests of this folder work on, and the statements they use.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/db/database.hpp"

namespace resys::test {

using Write = Result<void>;

inline constexpr db::Sql kCreateItems{
    "CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL CHECK (name <> 'forbidden'))"};
inline constexpr db::Sql kInsertItem{"INSERT INTO items (id, name) VALUES ($1, $2)"};
inline constexpr db::Sql kSelectItems{"SELECT id, name FROM items ORDER BY id"};
inline constexpr db::Sql kCountItems{"SELECT count(*) FROM items"};

inline std::unique_ptr<db::Database> open_items(const std::string& url) {
  std::unique_ptr<db::Database> database = db::open_sqlite(url).value();
  database
      ->write([](db::Transaction& tx) -> Write {
        tx.execute(kCreateItems, {});
        return success();
      })
      .value();
  return database;
}

inline Write insert_item(db::Database& database, std::int64_t id, std::string_view name = "x") {
  return database.write([&](db::Transaction& tx) -> Write {
    tx.execute(kInsertItem, {id, name});
    return success();
  });
}

inline std::set<std::int64_t> item_ids(db::Database& database) {
  return database
      .read([](db::Transaction& tx) -> Result<std::set<std::int64_t>> {
        std::set<std::int64_t> ids;
        tx.query(kSelectItems, {}, [&](const db::Row& row) { ids.insert(row.integer(0)); });
        return ids;
      })
      .value();
}

}  // namespace resys::test
