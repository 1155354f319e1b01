// The database engine that a shop runs on.
#pragma once

#include <string>

namespace resys {

struct EngineInfo {
  std::string name{};     // "SQLite"
  std::string version{};  // "3.40.1"
  // SQLite 3.7.0 to 3.51.2 can lose committed pages when a checkpoint runs while another process
  // commits (sqlite.org/wal.html, "The WAL-Reset Bug"; fixed in 3.51.3, 3.50.7 and 3.44.6). resys
  // itself never checkpoints so; on an affected version other programs must not checkpoint, or
  // write to, a file that a shop has open.
  bool has_wal_reset_bug = false;
};

}  // namespace resys
