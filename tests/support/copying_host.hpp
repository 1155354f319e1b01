// A host that copies the database's files itself, again and again: closing them drops, by POSIX,
// the locks that its process has on them.
#pragma once

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

namespace resys::test {

class CopyingHost {
 public:
  CopyingHost(const std::string& file, const std::string& to, std::chrono::microseconds pause)
      : thread_([this, file, to, pause] {
          while (!is_over_) {
            for (const char* suffix : {"", "-wal", "-shm"}) {
              std::ofstream(to + suffix, std::ios::binary)
                  << std::ifstream(file + suffix, std::ios::binary).rdbuf();
            }
            std::this_thread::sleep_for(pause);
          }
        }) {}
  ~CopyingHost() {
    is_over_ = true;
    thread_.join();
  }
  CopyingHost(const CopyingHost&) = delete;
  CopyingHost& operator=(const CopyingHost&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace resys::test
