// Whether SQLite follows links depends on how it was built. If it does not, a link would get a log
// of its own, so links are followed here.
#include "base/db/sqlite_location.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

namespace resys::db {
namespace {

namespace fs = std::filesystem;

// "writer=thread&logPages=N&lostLog=accept&vfs=NAME", each at most once and in any order. Returns
// false for anything else.
bool parse_options(std::string_view text, Location& location) {
  constexpr std::string_view vfs = "vfs=";
  constexpr std::string_view log_pages = "logPages=";
  for (;;) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view option = text.substr(0, end);
    if (option == "writer=thread" && !location.writer_thread) {
      location.writer_thread = true;
    } else if (option == "lostLog=accept" && !location.accept_lost_log) {
      location.accept_lost_log = true;
    } else if (option.starts_with(log_pages) && location.log_pages == 0) {
      const char* const end_of_option = option.data() + option.size();
      const auto read =
          std::from_chars(option.data() + log_pages.size(), end_of_option, location.log_pages);
      const bool is_number = read.ec == std::errc() && read.ptr == end_of_option;
      if (!is_number || location.log_pages < 1) return false;
    } else if (option.starts_with(vfs) && option != vfs && location.vfs.empty()) {
      location.vfs = option.substr(vfs.size());
    } else {
      return false;
    }
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

Result<Location> parse(std::string_view url) {
  constexpr std::string_view scheme = "sqlite:";
  const Error malformed(
      Errc::invalid_request,
      "the database is not named as sqlite:FILE or sqlite::memory:, with options as "
      "?writer=thread&logPages=N&lostLog=accept&vfs=NAME");
  if (!url.starts_with(scheme)) return malformed;
  url.remove_prefix(scheme.size());
  Location location;
  if (const std::size_t question = url.rfind('?'); question != std::string_view::npos) {
    if (!parse_options(url.substr(question + 1), location)) return malformed;
    if (!location.vfs.empty() && sqlite3_vfs_find(location.vfs.c_str()) == nullptr) {
      return Error(Errc::invalid_request, "there is no SQLite VFS of that name")
          .with("vfs", location.vfs);
    }
    url = url.substr(0, question);
  }
  // SQLite would open a temporary database for an empty name, or for one that begins with a colon.
  if (url.empty() || (url.starts_with(':') && url != ":memory:")) return malformed;
  if (url.find('\0') != std::string_view::npos) return malformed;
  location.file = url;
  // Some builds of SQLite read a name that begins like this as a URI.
  if (url.starts_with("file:")) location.file.insert(0, "./");
  return location;
}

Error refuse(const std::string& message, const Location& location) {
  return Error(Errc::storage, message).with("file", location.file);
}

// The path as SQLite's VFS resolves it.
Result<std::string> path_of_vfs(const Location& location) {
  sqlite3_vfs* const vfs = sqlite3_vfs_find(location.vfs.c_str());
  std::string path(static_cast<std::size_t>(vfs->mxPathname) + 1, '\0');
  constexpr int kPrimaryCode = 0xff;
  const int code =
      vfs->xFullPathname(vfs, location.file.c_str(), static_cast<int>(path.size()), path.data());
  if ((code & kPrimaryCode) != SQLITE_OK) return refuse("the path cannot be followed", location);
  return std::string(path.c_str());
}

Result<std::string> full_path(const Location& location) {
  if (!location.vfs.empty()) return path_of_vfs(location);
  std::error_code failed;
  const fs::path path = fs::weakly_canonical(fs::absolute(location.file, failed), failed);
  if (failed) return refuse("the path cannot be followed: " + failed.message(), location);
  if (fs::is_symlink(path, failed)) {
    return refuse("the path is a link to a file that does not exist", location);
  }
  return path.string();
}

}  // namespace

Result<Location> locate(std::string_view url) {
  RESYS_TRY(location, parse(url));
  if (!location.memory()) {
    RESYS_TRY(path, full_path(location));
    location.file = path;
  }
  return location;
}

}  // namespace resys::db
