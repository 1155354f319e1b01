// The mark is user_version = 2 * number + in_log.
#include "base/db/sqlite_mark.hpp"

#include <sqlite3.h>

#include <array>
#include <random>

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::uint32_t kMaxNumber = 0x3fff'ffff;

// The place of user_version by SQLite's file format.
constexpr sqlite3_int64 kMarkOffset = 60;
constexpr sqlite3_int64 kLogHeader = 32;
constexpr sqlite3_int64 kFrameHeader = 24;
constexpr std::uint32_t kLogMagic =
    0x377f'0682;  // or one more, depending on the byte order of the checksums

LogMark decode(std::uint32_t value) { return {(value >> 1) & kMaxNumber, (value & 1) != 0}; }

void write_mark(Connection& connection, const LogMark& mark) {
  const std::uint32_t value = (mark.number & kMaxNumber) * 2 + (mark.in_log ? 1 : 0);
  connection.run_once("PRAGMA user_version = " + std::to_string(value));
}

sqlite3_file* file_of(Connection& connection, int which) {
  sqlite3_file* file = nullptr;
  connection.require(sqlite3_file_control(connection.handle(), "main", which, &file));
  return file;
}

// Returns 0 if the file ends before.
std::uint32_t read_number(sqlite3_file* file, sqlite3_int64 offset) {
  std::array<unsigned char, 4> bytes{};
  const int code = file->pMethods->xRead(file, bytes.data(), bytes.size(), offset);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
    throw SQLite::Exception("the first page cannot be read", code);
  }
  std::uint32_t number = 0;
  for (const unsigned char byte : bytes) number = number << 8 | byte;
  return number;
}

// Returns what is wrong with the log, or null. Only faults that a crash cannot cause count. A crash
// may damage the first frames, because they are written after the file was marked.
const char* fault_of_log(Connection& connection) {
  sqlite3_file* const log = file_of(connection, SQLITE_FCNTL_JOURNAL_POINTER);
  sqlite3_int64 size = 0;
  if (log->pMethods == nullptr) return "missing";
  connection.require(log->pMethods->xFileSize(log, &size));
  if (size == 0) return "missing";
  if (size < kLogHeader + kFrameHeader + connection.number("PRAGMA page_size")) return "cut off";
  return (read_number(log, 0) & ~1U) == kLogMagic ? nullptr : "damaged";
}

Error lost(const char* what, const std::string& log) {
  return Error(Errc::storage,
               "the database is not complete without its log (-wal): what was sold last is only "
               "there. Put the log back beside the file, or restore a backup; with the option "
               "lostLog=accept the shop opens without what is lost")
      .with("file", log)
      .with("what", what);
}

Error foreign(const std::string& log) {
  return Error(Errc::storage,
               "the log (-wal) belongs to another state of the database, as where a backup was put "
               "in the place of the file alone: move the log and the -shm away, or put back the "
               "file that they belong to")
      .with("file", log)
      .with("what", "foreign");
}

}  // namespace

std::uint32_t first_mark() {
  std::random_device random;
  return random() & kMaxNumber & ~1U;
}

LogMark newest_mark(Connection& connection) {
  return decode(static_cast<std::uint32_t>(connection.first_number("PRAGMA user_version")));
}

LogMark file_mark(Connection& connection) {
  return decode(read_number(file_of(connection, SQLITE_FCNTL_FILE_POINTER), kMarkOffset));
}

// The newest number is the file's, or one more if a checkpoint is still to come.
bool belong_together(const LogMark& newest, const LogMark& files) {
  return ((newest.number - files.number) & kMaxNumber) <= 1;
}

void mark_in_log(Connection& connection) {
  const std::uint32_t newest = newest_mark(connection).number;
  const std::uint32_t files = file_mark(connection).number;
  write_mark(connection, {newest == files ? files + 1 : newest, true});
}

void mark_complete(Connection& connection) {
  write_mark(connection, {newest_mark(connection).number, false});
}

Result<LogCheck> check_log(Connection& connection, const Location& location) {
  if (location.memory()) return LogCheck::sound;
  const std::string log = location.file + "-wal";
  // While this transaction is open, no later commit is copied into the file.
  connection.begin("BEGIN", SteadyClock::now() + kBusyTimeout);
  const LogMark newest = newest_mark(connection);
  const LogMark files = file_mark(connection);
  const char* const what = newest.in_log ? fault_of_log(connection) : nullptr;
  connection.run("ROLLBACK");
  if (!belong_together(newest, files)) return foreign(log);
  if (what == nullptr) {
    return newest.in_log && files.in_log ? LogCheck::silent : LogCheck::sound;
  }
  if (!location.accept_lost_log) return lost(what, log);
  connection.begin("BEGIN IMMEDIATE", SteadyClock::now() + kBusyTimeout);
  mark_complete(connection);
  connection.run("COMMIT");
  return LogCheck::accepted;
}

std::optional<Error> blame_log(const Location& location) {
  if (location.memory() || !location.vfs.empty()) return std::nullopt;
  std::string address = "file:";
  for (const char letter : location.file) {
    const bool is_plain = letter != '%' && letter != '?' && letter != '#';
    address += is_plain        ? std::string(1, letter)
               : letter == '%' ? "%25"
               : letter == '?' ? "%3f"
                               : "%23";
  }
  try {
    // SQLite ignores the log of a file that is opened as immutable.
    SQLite::Database file(address + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    file.execAndGet(R"(SELECT COUNT(*) FROM sqlite_schema)");
  } catch (const SQLite::Exception&) {
    return std::nullopt;
  }
  return foreign(location.file + "-wal");
}

}  // namespace resys::db
