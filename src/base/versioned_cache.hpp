// Keeps one value per store for as long as the version that the database names stays the same. A
// version is never used twice, so a value that was loaded under it stays right, in any number of
// processes.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace resys {

// Thread rule: any number of calls at once.
template <class Value>
class VersionedCache {
 public:
  using Kept = std::shared_ptr<const Value>;

  // Returns null if none is kept of that version.
  Kept find(std::string_view store, std::string_view version) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(std::string(store));
    if (found == values_.end() || found->second.first != version) return nullptr;
    return found->second.second;
  }
  void keep(std::string_view store, std::string_view version, Kept value) const {
    const std::lock_guard lock(mutex_);
    // Any one may go: it is loaded again.
    if (values_.size() >= kMostStores) values_.erase(values_.begin());
    values_.insert_or_assign(std::string(store), std::pair(std::string(version), std::move(value)));
  }

 private:
  static constexpr std::size_t kMostStores = 1'000;

  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::pair<std::string, Kept>> values_;
};

}  // namespace resys
