// Which store has its turn, and which lanes are slow; see the header.
#include "base/pace.hpp"

#include <algorithm>

namespace resys::app {
namespace {

// Longer than a working service takes, but shorter than time-outs.
constexpr std::int64_t kSlow = 5 * kMicrosPerSecond;

bool is_long(Timestamp entered, Timestamp now) { return now.micros - entered.micros >= kSlow; }

}  // namespace

std::size_t Pace::next_turn(DueWorkPart part) {
  const std::lock_guard lock(mutex_);
  return turns_[part]++;
}

bool Pace::is_slow(const Lane& lane, Timestamp now) {
  return lane.was_slow || std::any_of(lane.inside.begin(), lane.inside.end(),
                                      [&](Timestamp entered) { return is_long(entered, now); });
}

bool Pace::is_slow(const std::string& lane, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(lane);
  return found != lanes_.end() && is_slow(found->second, now);
}

bool Pace::is_open(const std::string& lane, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(lane);
  return found == lanes_.end() || found->second.inside.empty() || !is_slow(found->second, now);
}

bool Pace::enter(const std::string& lane, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Lane& entered = lanes_[lane];
  if (!entered.inside.empty() && is_slow(entered, now)) return false;
  entered.inside.push_back(now);
  return true;
}

void Pace::leave(const std::string& lane, Timestamp entered, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Lane& left = lanes_.at(lane);
  left.inside.erase(std::find(left.inside.begin(), left.inside.end(), entered));
  left.was_slow = is_long(entered, now);
  // Most lanes are quick, so they are not remembered.
  if (left.inside.empty() && !left.was_slow) lanes_.erase(lane);
}

}  // namespace resys::app
