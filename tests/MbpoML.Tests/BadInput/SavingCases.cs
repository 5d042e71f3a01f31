using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>States that lack something, hold something else, or are written twice.</summary>
internal static class SavingCases
{
    private const string Reading = "StateExtensions.Tensor(IStateReader, string, ScalarType, long[])";
    private const string Large = "StateMemory.Add(string, long, long, Action<long, Tensor>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>("StateExtensions.Under(IStateWriter, string)", "no writer", () => ((IStateWriter)null!).Under("part"), "writer"),
        Bad<ArgumentException>("StateExtensions.Under(IStateWriter, string)", "an empty name", () => ((IStateWriter)new StateMemory()).Under(""), "name"),
        Bad<ArgumentNullException>("StateExtensions.Under(IStateWriter, string)", "no name", () => ((IStateWriter)new StateMemory()).Under(null!), "name"),
        Bad<ArgumentNullException>("StateExtensions.Under(IStateReader, string)", "no reader", () => ((IStateReader)null!).Under("part"), "reader"),
        Bad<ArgumentException>("StateExtensions.Under(IStateReader, string)", "an empty name", () => ((IStateReader)Memory()).Under(""), "name"),
        Bad<ArgumentNullException>("StateExtensions.Under(IStateReader, string)", "no name", () => ((IStateReader)Memory()).Under(null!), "name"),
        Bad<ArgumentNullException>("StateExtensions.WholeNumber(IStateReader, string)", "no name", () => Reader().WholeNumber(null!), "name"),
        Bad<ArgumentNullException>("StateExtensions.Count(IStateReader, string)", "no name", () => Reader().Count(null!), "name"),
        Bad<ArgumentNullException>(Reading, "no name", () => Reader().Tensor(null!, int64, null), "name"),
        Bad<ArgumentNullException>("StateExtensions.WholeNumber(IStateReader, string)", "no reader", () => ((IStateReader)null!).WholeNumber("two"), "reader"),
        Bad<CheckpointException>(
            "StateExtensions.WholeNumber(IStateReader, string)", "several numbers", () => Reader().WholeNumber("two"), "'two' is not one number"),
        Bad<ArgumentNullException>("StateExtensions.Count(IStateReader, string)", "no reader", () => ((IStateReader)null!).Count("two"), "reader"),
        Bad<CheckpointException>("StateExtensions.Count(IStateReader, string)", "a negative one", () => Reader().Count("negative"), "'negative' is -4"),
        Bad<ArgumentNullException>(Reading, "no reader", () => ((IStateReader)null!).Tensor("two", int64, null), "reader"),
        Bad<CheckpointException>(Reading, "another type", () => Reader().Tensor("two", float32, null), "'two'", "Int64", "Float32"),
        Bad<CheckpointException>(Reading, "another shape", () => Reader().Tensor("two", int64, [3]), "'two'", "[2]", "[3]"),
        Bad<ArgumentNullException>(
            "StateExtensions.Save(IEnumerable<ISaved>, IStateWriter)", "no parts", () => ((IEnumerable<ISaved>)null!).Save(new StateMemory()), "parts"),
        Bad<ArgumentNullException>("StateExtensions.Save(IEnumerable<ISaved>, IStateWriter)", "no writer", () => Parts.Save(null!), "to"),
        Bad<ArgumentNullException>(
            "StateExtensions.Restore(IEnumerable<ISaved>, IStateReader)", "no parts", () => ((IEnumerable<ISaved>)null!).Restore(new StateMemory()), "parts"),
        Bad<ArgumentNullException>("StateExtensions.Restore(IEnumerable<ISaved>, IStateReader)", "no reader", () => Parts.Restore(null!), "from"),
        Bad<CheckpointException>("StateExtensions.Restore(IEnumerable<ISaved>, IStateReader)", "a part that is missing", () => Parts.Restore(new StateMemory()),
            "has no 'random/state'"),
        Bad<ArgumentNullException>(
            "StateExtensions.Restored(IEnumerable<ISaved>, IStateReader)", "no parts", () => ((IEnumerable<ISaved>)null!).Restored(new StateMemory()), "parts"),
        Bad<ArgumentNullException>("StateExtensions.Restored(IEnumerable<ISaved>, IStateReader)", "no reader", () => Parts.Restored(null!), "from"),
        Bad<ArgumentNullException>("StateMemory.Of(ISaved)", "null", () => StateMemory.Of(null!), "part"),
        Bad<ArgumentNullException>("StateMemory.RestoreTo(ISaved)", "null", () => new StateMemory().RestoreTo(null!), "part"),
        Bad<CheckpointException>("StateMemory.RestoreTo(ISaved)", "an empty state", () => new StateMemory().RestoreTo(Parts[0]), "has no 'state'"),
        .. Twice("StateMemory.Add(string, Tensor)", (memory, name) => memory.Add(name, ones(1))),
        Bad<ArgumentNullException>("StateMemory.Add(string, Tensor)", "no array", () => new StateMemory().Add("one", (Tensor)null!), "value"),
        Bad<ObjectDisposedException>("StateMemory.Add(string, Tensor)", "a disposed array", () => new StateMemory().Add("one", Samples.Disposed(1)), "value"),
        .. Twice("StateMemory.Add(string, ReadOnlySpan<double>)", (memory, name) => memory.Add(name, [1.5])),
        .. Twice("StateMemory.Add(string, ReadOnlySpan<long>)", (memory, name) => memory.Add(name, 1L)),
        .. Twice("StateMemory.Add(string, ReadOnlySpan<Byte>)", (memory, name) => memory.Add(name, "text"u8)),
        .. Twice("StateMemory.Add(string, string)", (memory, name) => memory.Add(name, "text")),
        Bad<ArgumentNullException>("StateMemory.Add(string, string)", "no text", () => new StateMemory().Add("one", (string)null!), "text"),
        .. Twice(Large, (memory, name) => memory.Add(name, 0, 1, (_, _) => { })),
        Bad<ArgumentNullException>(Large, "no source", () => new StateMemory().Add("one", 1, 1, null!), "copy"),
        Bad<ArgumentNullException>("StateMemory.Replace(string, Tensor)", "no name", () => new StateMemory().Replace(null!, null), "name"),
        .. Missing("StateMemory.Tensor(string)", name => new StateMemory().Tensor(name)),
        .. Missing("StateMemory.Doubles(string)", name => new StateMemory().Doubles(name)),
        .. Missing("StateMemory.Integers(string)", name => new StateMemory().Integers(name)),
        .. Missing("StateMemory.Bytes(string)", name => new StateMemory().Bytes(name)),
        .. Missing("StateMemory.Text(string)", name => new StateMemory().Text(name)),
        .. Missing("StateMemory.Rows(string, long, long, Action<Tensor>)", name => new StateMemory().Rows(name, 1, 1, _ => { })),
        Bad<ArgumentNullException>(
            "StateMemory.Rows(string, long, long, Action<Tensor>)", "no receiver", () => new StateMemory().Rows("two", 1, 1, null!), "take"),
        Bad<CheckpointException>("StateMemory.Doubles(string)", "whole numbers", () => Memory().Doubles("two"), "'two'", "Int64", "Float64"),
        Bad<CheckpointException>("StateMemory.Rows(string, long, long, Action<Tensor>)", "too many rows", () => Memory().Rows("rows", 2, 4, _ => { }), "'rows'",
            "[3, 4]", "at most 2"),
    ];

    private static ISaved[] Parts { get; } = [SavedPart.Of("random", new RandomSource(1))];

    private static StateMemory Memory()
    {
        var memory = new StateMemory();
        memory.Add("two", 1, 2);
        memory.Add("negative", -4);
        memory.Add("rows", ones(3, 4));
        return memory;
    }

    private static StateMemory Reader() => Memory();

    private static IEnumerable<BadCase> Missing(string member, Action<string> read) =>
    [
        Bad<CheckpointException>(member, "a value that is missing", () => read("other"), "has no 'other'"),
        Bad<ArgumentNullException>(member, "no name", () => read(null!), "name"),
    ];

    private static IEnumerable<BadCase> Twice(string member, Action<StateMemory, string> add) =>
    [
        Bad<ArgumentNullException>(member, "no name", () => add(new StateMemory(), null!), "name"),
        Bad<ArgumentException>(member, "an empty name", () => add(new StateMemory(), ""), "name"),
        Bad<ArgumentException>(member, "a name used before", () =>
        {
            var memory = new StateMemory();
            add(memory, "one");
            add(memory, "one");
        }, "'one' was added before"),
    ];
}
