// Processes of a test's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>

namespace resys::test {

// Runs `work` in a forked process and passes its number back. To be made while this process has one
// thread and no database open.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<std::int64_t()>& work);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Waits for it to end. -1 if it did not end as it should.
  std::int64_t answer();
  // Ends it with SIGKILL, wherever it is. False if it had ended before.
  bool kill();

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
};

}  // namespace resys::test
