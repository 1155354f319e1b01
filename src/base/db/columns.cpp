// Reads columns, which may hold values that the library never wrote.
#include "base/db/database.hpp"

namespace resys::db {

Columns& Columns::operator>>(Currency& out) {
  const std::string_view code = row_.text(at_++);
  if (code.empty()) {
    out = Currency();
    return *this;
  }
  const auto parsed = Currency::parse(code);
  if (!parsed) corrupt("Currency");
  out = parsed.value();
  return *this;
}

void Columns::corrupt(std::string_view what) const {
  throw StorageFault(Error(Errc::storage, "the database holds a value that cannot be read")
                         .with("type", std::string(what))
                         .with("column", std::int64_t{at_ - 1}));
}

}  // namespace resys::db
