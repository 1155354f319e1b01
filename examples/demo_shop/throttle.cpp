// See the header.
#include "throttle.hpp"

namespace demo {
namespace {

constexpr std::int64_t kWindow = 10 * resys::kMicrosPerMinute;
constexpr std::size_t kMaxAddresses = 10'000;

}  // namespace

std::int64_t Throttle::wait(const std::string& address, resys::Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(address);
  if (found == failures_.end() || found->second.count < most_) return 0;
  const std::int64_t left = found->second.forgotten_at.micros - now.micros;
  return left <= 0 ? 0 : left / resys::kMicrosPerSecond + 1;
}

void Throttle::failed(const std::string& address, resys::Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kMaxAddresses) {
    std::erase_if(failures_, [&](const auto& each) { return each.second.forgotten_at <= now; });
  }
  Failures& failures = failures_[address];
  if (failures.forgotten_at <= now) failures = {0, now.plus(kWindow)};
  ++failures.count;
}

}  // namespace demo
