// The ceiling: what the library changes, row by row, recorded from its own connections and replayed
// as bare prepared statements by one thread on the raw SQLite API, without a SELECT.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace bench {

using Value = std::variant<std::monostate, std::int64_t, std::string>;

struct RowChange {
  std::string sql;  // with one parameter per value
  std::vector<Value> values;
};
// The changes of one transaction.
using Body = std::vector<RowChange>;

// Watches every connection that the process opens while it lives (one at a time). To be made before
// the shop is opened, and destroyed after it is closed.
class Recorder {
 public:
  enum class Keep { commits, changes, statements };
  explicit Recorder(Keep keep);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Commits that changed something, since the last call.
  std::int64_t take_commits();
  // One body per commit: with one thread calling, the bodies of the library.
  std::vector<Body> take_bodies();
  // With Keep::changes: how many statements were run, of whatever kind, since the last call.
  std::int64_t take_statement_count();
  // Each statement that was run, its values in it, since the last call.
  std::vector<std::string> take_statements();
};

// How many bodies a second one thread commits on the file, `batch` at a time.
double replay(const std::string& file, const std::vector<Body>& bodies, double batch);

// How often a second one thread runs the statements and reads all they find.
double replay_reads(const std::string& file, const std::vector<std::string>& statements,
                    std::int64_t count);

}  // namespace bench
