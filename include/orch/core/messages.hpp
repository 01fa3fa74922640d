#pragma once
// The messages of a run that are open, and the last ones that are over: the store has all.
#include "orch/core/message.hpp"

#include <cstddef>
#include <map>
#include <set>

namespace orch {

class Messages {
 public:
  using All = std::map<MessageNumber, Message>;
  using Numbers = std::set<MessageNumber>;

  /// So many that are over are kept, for replies to them and for what is asked twice.
  static constexpr std::size_t kRemembered = 500;

  auto begin() const { return all_.begin(); }

  auto end() const { return all_.end(); }

  std::size_t size() const { return all_.size(); }

  /// nullptr: there is none, or it is over for long.
  const Message* find(MessageNumber number) const;
  const Message* find_id(std::string_view id) const;

  /// The open ones to it, in their order.
  const Numbers& open_to(const Party& party) const;

  bool has_open(const TaskId& task) const { return !open_to(party_of(task)).empty(); }

  /// Whom open ones are for.
  const std::map<Party, Numbers>& open() const { return open_; }

  std::size_t open_count() const { return open_count_; }

  void add(Message message);

  /// To be changed, but not from open to over.
  Message& at(MessageNumber number) { return all_.at(number); }

  /// It is over from now on.
  Message& close(MessageNumber number, MessageState state);

  void remove(MessageNumber number);

  /// The oldest of those that are over when they are too many; 0: they are not.
  MessageNumber surplus() const;

  bool operator==(const Messages& other) const { return all_ == other.all_; }

 private:
  All all_;
  std::map<Party, Numbers> open_;                            // derived from all of them
  std::map<std::string, MessageNumber, std::less<>> by_id_;  // the same
  std::size_t open_count_ = 0;
};

}  // namespace orch
