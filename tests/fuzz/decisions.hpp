// A fuzzer's bytes as a row of decisions; when they are used up each further one is 0 or empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace resys::test {

class Decisions {
 public:
  Decisions(const std::uint8_t* bytes, std::size_t count)
      : rest_(reinterpret_cast<const char*>(bytes), count) {}

  bool empty() const { return rest_.empty(); }
  // 0 to count - 1; 0 where count is 0.
  std::size_t below(std::size_t count) {
    if (count < 2) return 0;
    std::size_t value = byte();
    if (count > 256) value = value * 256 + byte();
    return value % count;
  }
  bool one_in(std::size_t count) { return below(count) == count - 1; }
  template <class List>
  const auto& pick(const List& list) {
    return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(std::size(list))));
  }
  std::int64_t integer() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | byte();
    return static_cast<std::int64_t>(value);
  }
  // A few raw bytes, or all that is left.
  std::string bytes(std::size_t most = 40) { return std::string(take(below(most + 1))); }
  std::string all() { return std::string(take(rest_.size())); }

 private:
  std::uint8_t byte() {
    const std::string_view taken = take(1);
    return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken[0]);
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

}  // namespace resys::test
