// The shop's secret key: it encrypts payment settings.
#pragma once

#include <string>

#include "resys/host.hpp"

namespace demo {

// The file a database string names: "sqlite:shop.db?vfs=x" -> "shop.db"; empty for one in memory.
std::string database_file(const std::string& database);

// 32 bytes from FILE.key beside the database, which is made, with mode 0600, beside a database that
// is not there yet. Any number of processes may do so at once: all get the same key. A database in
// memory has a new key. Errors: storage (not readable; or the database is there and its key is
// not).
resys::Result<std::string> load_or_make_key(const std::string& database,
                                            resys::RandomSource& random);

std::string to_hex(const std::string& bytes);
std::string random_hex(resys::RandomSource& random, std::size_t bytes);

}  // namespace demo
