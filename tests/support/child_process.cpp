// fork, pipe, kill and waitpid are POSIX.
#include "support/child_process.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace resys::test {

ChildProcess::ChildProcess(const std::function<std::int64_t()>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  process_ = fork();
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process_ == 0) {
    int status = 1;
    try {
      const std::int64_t number = work();
      if (write(ends[1], &number, sizeof number) == sizeof number) status = 0;
    } catch (...) {
      // Nothing must return into the test's own stack; the missing answer says it.
    }
    _exit(status);
  }
  close(ends[1]);
  pipe_ = ends[0];
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), pipe_(std::exchange(other.pipe_, -1)) {}

ChildProcess::~ChildProcess() {
  if (process_ >= 0) answer();
}

std::int64_t ChildProcess::answer() {
  std::int64_t number = -1;
  const bool answered = read(pipe_, &number, sizeof number) == sizeof number;
  close(std::exchange(pipe_, -1));
  int status = -1;
  waitpid(std::exchange(process_, -1), &status, 0);
  return answered && status == 0 ? number : -1;
}

bool ChildProcess::kill() {
  ::kill(process_, SIGKILL);
  int status = 0;
  waitpid(std::exchange(process_, -1), &status, 0);
  close(std::exchange(pipe_, -1));
  return WIFSIGNALED(status);
}

}  // namespace resys::test
