// The key file holds one line: 64 hexadecimal digits.
#include "key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace demo {
namespace {

using resys::Errc;
using resys::Error;
using resys::Result;

constexpr std::size_t kKeyBytes = 32;

Error fault(const std::string& what, const std::string& file) {
  return Error(Errc::storage, "cannot " + what + " " + file + ": " + std::strerror(errno));
}

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

Result<std::string> read_key(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return fault("read", file);
  std::string key;
  for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
    const int high = value_of(line[i]);
    const int low = value_of(line[i + 1]);
    if (high < 0 || low < 0) break;
    key += static_cast<char>(high * 16 + low);
  }
  if (line.size() != 2 * kKeyBytes || key.size() != kKeyBytes) {
    return Error(Errc::storage, file + " is not a key file: 64 hexadecimal digits are expected");
  }
  return key;
}

// Writes all of it to the disk; the caller removes the file if that fails.
bool write_durably(int descriptor, const std::string& text) {
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0;
}

// Under a name of its own first, then linked: the key file appears whole or not at all, and the
// first of several processes wins.
Result<void> make_key(const std::string& file, resys::RandomSource& random) {
  const std::string draft = file + "." + random_hex(random, 8);
  const int descriptor = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return fault("make", file);
  const bool written = write_durably(descriptor, random_hex(random, kKeyBytes) + "\n");
  close(descriptor);
  const bool linked = written && (link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const Error refused = fault("make", file);
  unlink(draft.c_str());
  if (!linked) return refused;
  return resys::success();
}

}  // namespace

std::string to_hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) / 16];
    text += digits[static_cast<unsigned char>(byte) % 16];
  }
  return text;
}

std::string random_hex(resys::RandomSource& random, std::size_t bytes) {
  std::string raw(bytes, '\0');
  random.fill(reinterpret_cast<std::uint8_t*>(raw.data()), raw.size());
  return to_hex(raw);
}

std::string database_file(const std::string& database) {
  constexpr std::string_view scheme = "sqlite:";
  std::string file = database.starts_with(scheme) ? database.substr(scheme.size()) : database;
  file = file.substr(0, file.find('?'));
  return file == ":memory:" ? std::string() : file;
}

Result<std::string> load_or_make_key(const std::string& database, resys::RandomSource& random) {
  const std::string beside = database_file(database);
  if (beside.empty()) {
    std::string key(kKeyBytes, '\0');
    random.fill(reinterpret_cast<std::uint8_t*>(key.data()), key.size());
    return key;
  }
  const std::string file = beside + ".key";
  if (access(file.c_str(), F_OK) != 0) {
    // The key is looked for again: a process that starts at the same moment makes it, and then the
    // database.
    if (access(beside.c_str(), F_OK) == 0 && access(file.c_str(), F_OK) != 0) {
      return Error(Errc::storage, file + " is missing, and only with that key can the secrets in " +
                                      beside +
                                      " be read: put it back from a backup, or start with "
                                      "another database");
    }
    RESYS_TRYV(make_key(file, random));
  }
  return read_key(file);
}

}  // namespace demo
