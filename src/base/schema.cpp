// See the header.
#include "base/schema.hpp"

#include <algorithm>

namespace resys::fields {

const void* Field::of(const void* object) const {
  const void* const place = static_cast<const char*>(object) + offset;
  return value == nullptr ? place : value(place);
}

void* Field::of(void* object) const {
  return const_cast<void*>(of(static_cast<const void*>(object)));
}

void* Field::made_in(void* object) const {
  void* const place = static_cast<char*>(object) + offset;
  return emplace == nullptr ? place : emplace(place);
}

bool Field::is_cleared_in(const void* object) const {
  return is_change() && is_cleared(static_cast<const char*>(object) + offset);
}

void Field::clear_in(void* object) const { clear(static_cast<char*>(object) + offset); }

void Schema::add(const Field& field) { fields.push_back(field); }

const Field* Schema::find(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& each) { return each.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace resys::fields
