// A backup as a document.
#include "fields/backup.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const Backup& backup) {
  std::string text;
  api::write(text, backup);
  return text;
}

}  // namespace resys
