// A look into a shop's database, for what cannot be seen through the shop.
#pragma once

#include <cstdint>
#include <string>

struct sqlite3;

namespace resys::test {

class Look {
 public:
  explicit Look(const std::string& file);
  ~Look();
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  // The first column of a query's first row. It throws where there is no row.
  std::string text(const std::string& sql);
  std::int64_t number(const std::string& sql);
  // Any statements, however wrong what they write: no rule of the schema is kept.
  void sabotage(const std::string& sql);
  // A statement without rows.
  void run(const std::string& sql);
  // Another one after every commit that changed the file, and only then.
  std::int64_t version() { return number("PRAGMA data_version"); }

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace resys::test
