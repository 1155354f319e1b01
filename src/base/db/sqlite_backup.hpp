// Copies of a database. Private to the SQLite driver (sqlite*.cpp).
#pragma once

#include <functional>
#include <string>

#include "base/db/sqlite_connection.hpp"

namespace resys::db {

// A database in memory as one text, made inside a transaction of its connection.
std::string image_of(Connection& connection);

// Copies what the file holds to a new file at `path`. See Database::copy_to().
Result<FileCopy> copy_file(const Location& location, const std::string& path, const Step& copying,
                           const Step& checking);
// The same for an image.
Result<FileCopy> copy_image(std::string image, const std::string& path, const Step& copying,
                            const Step& checking);

}  // namespace resys::db
