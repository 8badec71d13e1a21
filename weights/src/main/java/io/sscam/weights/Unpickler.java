package io.sscam.weights;

import io.sscam.weights.PickleValue.Dict;
import io.sscam.weights.PickleValue.None;
import io.sscam.weights.PickleValue.PyList;
import io.sscam.weights.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Python's pickle machine, shut in: it knows the opcodes and names that a state dict needs and
 * refuses the rest by name. No class is loaded and nothing is called; a refused file has done
 * nothing. Every pickle ends after a bounded number of steps and within bounded memory.
 *
 * <p>Opcodes: CPython's {@code Lib/pickletools.py}.
 */
final class Unpickler {
  // A ResNet-152 checkpoint takes 26,000 steps; one with the optimiser's state three times that.
  private static final int MOST_STEPS = 1_000_000;
  private static final int MOST_STACKED = 100_000;
  private static final int MOST_MARKS = 1_000;
  private static final int MOST_REMEMBERED = 500_000;
  private static final int HIGHEST_PROTOCOL = 5;
  private static final Tuple EMPTY = new Tuple(List.of());

  private final PickleInput in;
  private final PickleObjects objects;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int[] marks = new int[16];
  private int markCount;

  private Unpickler(PickleInput in, StorageLog storages) {
    this.in = in;
    this.objects = new PickleObjects(in, storages);
  }

  /**
   * Reads one pickle; the input then stands behind its STOP.
   *
   * @throws WeightsException if it is damaged, over a limit, or asks for anything not allowed
   */
  static Object load(PickleInput in) {
    return load(in, new StorageLog());
  }

  /**
   * As {@link #load(PickleInput)}.
   *
   * @param storages takes note of every storage the pickle names
   */
  static Object load(PickleInput in, StorageLog storages) {
    return new Unpickler(in, storages).run();
  }

  private Object run() {
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      int opcode = in.u8();
      if (opcode == '.') {
        Object result = pop();
        if (!stack.isEmpty() || markCount != 0) {
          throw in.bad("leftovers at its end");
        }
        return result;
      }
      if (!scalar(opcode) && !container(opcode) && !object(opcode)) {
        throw in.bad(
            "the opcode " + PickleOpcodes.describe(opcode) + ", which no state dict needs");
      }
    }
    throw in.bad("more than " + MOST_STEPS + " steps");
  }

  /** Numbers, strings and constants. */
  private boolean scalar(int opcode) {
    switch (opcode) {
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.i32());
      case 'K' -> push((long) in.u8());
      case 'M' -> push((long) in.u16());
      case 0x8a -> push(in.integer(in.u8()));
      case 0x8b -> push(in.integer(in.u32()));
      case 'G' -> push(in.bigEndianDouble());
      case 'U', 0x8c -> push(in.string(in.u8()));
      case 'T', 'X' -> push(in.string(in.u32()));
      case 0x8d -> push(in.string(in.i64()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Tuples, lists and dicts. */
  private boolean container(int opcode) {
    switch (opcode) {
      case '(' -> mark();
      case ')' -> push(EMPTY);
      case ']' -> push(new PyList());
      case '}' -> push(new Dict());
      case 't' -> push(new Tuple(popToMark()));
      case 0x85 -> push(new Tuple(pop(1)));
      case 0x86 -> push(new Tuple(pop(2)));
      case 0x87 -> push(new Tuple(pop(3)));
      case 'l' -> {
        PyList list = new PyList();
        list.items.addAll(popToMark());
        push(list);
      }
      case 'd' -> {
        List<Object> items = popToMark();
        Dict dict = new Dict();
        putAll(dict, items);
        push(dict);
      }
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Names, calls, references and the memo. */
  private boolean object(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(in.u8());
      case 0x95 -> in.i64(); // FRAME: a hint for readers from a stream
      case 'c' -> pushGlobal(in.line(), in.line());
      case 0x93 -> {
        List<Object> names = pop(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
          throw in.bad("the name of a global that is no string");
        }
        pushGlobal(module, name);
      }
      case 'R', 0x81 -> {
        List<Object> call = pop(2);
        push(objects.call(call.get(0), call.get(1)));
      }
      case 'b' -> {
        Object state = pop();
        objects.build(top(), state);
      }
      case 'Q' -> push(objects.storage(pop()));
      case 'q' -> remember(in.u8());
      case 'r' -> remember(in.i32());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(recall(in.u8()));
      case 'j' -> push(recall(in.i32()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void requireProtocol(int protocol) {
    if (protocol > HIGHEST_PROTOCOL) {
      throw in.bad("the unknown pickle protocol " + protocol);
    }
  }

  private void pushGlobal(String module, String name) {
    push(
        PickleGlobal.named(module, name)
            .orElseThrow(
                () ->
                    new WeightsException(
                        in.file(),
                        "global "
                            + Text.clean(module + "." + name)
                            + " is not allowed in a weight file and was not run",
                        TorchCheckpoint.MEND)));
  }

  private void push(Object value) {
    if (stack.size() == MOST_STACKED) {
      throw in.bad("more than " + MOST_STACKED + " values on its stack");
    }
    stack.add(value);
  }

  private Object pop() {
    return pop(1).get(0);
  }

  /** The top values, the deepest first. */
  private List<Object> pop(int count) {
    int floor = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() - count < floor) {
      throw in.bad("an opcode that needs more values than there are");
    }
    List<Object> top = stack.subList(stack.size() - count, stack.size());
    List<Object> values = List.copyOf(top);
    top.clear();
    return values;
  }

  private void mark() {
    if (markCount == MOST_MARKS) {
      throw in.bad("more than " + MOST_MARKS + " levels of nesting");
    }
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = stack.size();
  }

  private List<Object> popToMark() {
    if (markCount == 0) {
      throw in.bad("the end of a list that never began");
    }
    List<Object> values = pop(stack.size() - marks[markCount - 1]);
    markCount--;
    return values;
  }

  private Object top() {
    int floor = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() <= floor) {
      throw in.bad("an opcode that needs more values than there are");
    }
    return stack.get(stack.size() - 1);
  }

  private void append(List<Object> values) {
    if (!(top() instanceof PyList list)) {
      throw in.bad("an item added to " + PickleValue.kind(top()));
    }
    list.items.addAll(values);
  }

  private void setItems(List<Object> keysAndValues) {
    if (!(top() instanceof Dict dict)) {
      throw in.bad("a key set in " + PickleValue.kind(top()));
    }
    putAll(dict, keysAndValues);
  }

  private void putAll(Dict dict, List<Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw in.bad("a dict key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      objects.put(dict, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private void remember(int index) {
    if (memo.size() == MOST_REMEMBERED) {
      throw in.bad("more than " + MOST_REMEMBERED + " memo entries");
    }
    memo.put(index, top());
  }

  private Object recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw in.bad("a reference to memo entry " + Integer.toUnsignedString(index) + ", not there");
    }
    return value;
  }
}
