using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Drawing;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using MbpoML.Tests.Environments;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Pictures, canvases and pools of episodes given what does not fit.</summary>
internal static class PixelCases
{
    private const string Shaped = "FrameShape(int, int, int)";
    private const string WithPixels = "EnvironmentExtensions.WithPixels(IEnvironment, int, int, bool)";
    private const string Pixels = "PixelEnvironment(IEnvironment, int, int, bool)";
    private const string Batch = "SequenceBatch(int, int, FrameShape, int, Device)";
    private const string Add = "EpisodePool.Add(ReadOnlySpan<float>, float, ReadOnlySpan<Byte>, bool, bool)";
    private const string Draw = "EpisodePool.Draw(SequenceBatch, RandomSource)";
    private const string Segment = "Canvas.DrawSegment(double, double, double, double, double, Ink)";
    private const string View = "Canvas.SetView(double, double, double, double)";

    private static readonly FrameShape Shape = new(1, 2, 3);

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentOutOfRangeException>(Shaped, "no channels", () => _ = new FrameShape(0, 2, 2), "Channels", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Shaped, "no rows", () => _ = new FrameShape(1, -1, 2), "Height", "-1"),
        Bad<ArgumentOutOfRangeException>(Shaped, "no columns", () => _ = new FrameShape(1, 2, 0), "Width", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Shaped, "too many values", () => _ = new FrameShape(int.MaxValue, int.MaxValue, 2), "width", "16777216"),
        Bad<ArgumentException>("FrameShape.ToBytes(ReadOnlySpan<double>, Span<Byte>)", "a short observation",
            () => Shape.ToBytes(new double[5], new byte[6]), "observation has 5 elements"),
        Bad<ArgumentException>("FrameShape.ToBytes(ReadOnlySpan<double>, Span<Byte>)", "too few bytes", () => Shape.ToBytes(new double[6], new byte[5]),
            "frame has 5 elements"),
        .. new[] { double.NaN, -1, 255.5 }.Select(value => Bad<ArgumentException>("FrameShape.ToBytes(ReadOnlySpan<double>, Span<Byte>)",
            FormattableString.Invariant($"{value}"), () => Shape.ToBytes([1, value, 3, 4, 5, 6], new byte[6]), "observation[1]",
            FormattableString.Invariant($"is {value}"))),
        Bad<ArgumentOutOfRangeException>("Canvas(int, int, bool)", "no rows", () => _ = new Canvas(0, 3), "Height", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(View, "not finite", () => new Canvas(2, 2).SetView(double.NaN, 0, 1, 1), "centerX", "NaN"),
        Bad<ArgumentOutOfRangeException>(View, "no width", () => new Canvas(2, 2).SetView(0, 0, 0, 1), "width", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(View, "an endless height", () => new Canvas(2, 2).SetView(0, 0, 1, double.PositiveInfinity), "height"),
        Bad<ArgumentOutOfRangeException>(Segment, "not finite", () => new Canvas(2, 2).DrawSegment(0, 0, 1, double.NaN, 1, Ink.Black), "y2 must", "NaN"),
        Bad<ArgumentOutOfRangeException>(Segment, "less than no width", () => new Canvas(2, 2).DrawSegment(0, 0, 1, 1, -1, Ink.Black), "width", "-1"),
        Bad<ArgumentOutOfRangeException>("Canvas.DrawDisc(double, double, double, Ink)", "not finite",
            () => new Canvas(2, 2).DrawDisc(double.NegativeInfinity, 0, 1, Ink.Black), "x", "-Infinity"),
        Bad<ArgumentOutOfRangeException>("Canvas.DrawDisc(double, double, double, Ink)", "less than no size",
            () => new Canvas(2, 2).DrawDisc(0, 0, -2, Ink.Black), "diameter", "-2"),
        Bad<ArgumentOutOfRangeException>("Canvas.DrawBox(double, double, double, double, Ink)", "less than no height",
            () => new Canvas(2, 2).DrawBox(0, 0, 1, -1, Ink.Black), "height", "-1"),
        Bad<ArgumentOutOfRangeException>("Canvas.DrawBox(double, double, double, double, Ink)", "not finite",
            () => new Canvas(2, 2).DrawBox(0, double.NaN, 1, 1, Ink.Black), "centerY", "NaN"),
        Bad<ArgumentNullException>("Canvas.FillBelow(Func<double, double>, Ink)", "no curve", () => new Canvas(2, 2).FillBelow(null!, Ink.Black), "height"),
        Bad<ArgumentOutOfRangeException>("Canvas.FillBelow(Func<double, double>, Ink)", "a curve that ends",
            () => new Canvas(2, 2).FillBelow(static x => Math.Sqrt(x), Ink.Black), "height", "NaN"),
        Bad<ArgumentException>("Canvas.DrawPicture(ReadOnlySpan<Byte>)", "of another size", () => new Canvas(2, 2).DrawPicture(new byte[4]),
            "rgb has 4 elements", "12 are expected"),
        Bad<ArgumentException>("Canvas.CopyTo(Span<Byte>)", "too short", () => new Canvas(2, 2).CopyTo(new byte[3]), "frame has 3 elements"),
        Bad<ArgumentException>("Canvas.CopyTo(Span<double>)", "too long", () => new Canvas(2, 2).CopyTo(new double[12]), "observation has 12 elements"),
        Bad<ArgumentNullException>("AnalyticEnvironment.Draw(Canvas)", "no canvas", () => new PendulumEnvironment().Draw(null!), "canvas"),
        .. Wraps(WithPixels, (environment, height, width) => environment.WithPixels(height, width), "environment"),
        .. Wraps(Pixels, (environment, height, width) => new PixelEnvironment(environment, height, width), "inner"),
        Bad<ArgumentException>("PixelEnvironment.Reset(int, Span<double>)", "a buffer of the task's own observation",
            () => new PendulumEnvironment().WithPixels(4, 4).Reset(1, new double[3]), "observation has 3 elements", "16 are expected"),
        Bad<ArgumentException>("PixelEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "a buffer of the task's own observation",
            () => new PendulumEnvironment().WithPixels(4, 4).Step([1], new double[3]), "observation has 3 elements", "16 are expected"),
        Bad<ArgumentException>("PixelEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "no action",
            () => new PendulumEnvironment().WithPixels(4, 4).Step([], new double[16]), "action has 0 elements"),
        Bad<ArgumentNullException>("EnvironmentExtensions.WithActionRepeat(IEnvironment, int)", "null",
            () => ((IEnvironment)null!).WithActionRepeat(2), "environment"),
        Bad<ArgumentOutOfRangeException>("EnvironmentExtensions.WithActionRepeat(IEnvironment, int)", "never",
            () => new PendulumEnvironment().WithActionRepeat(0), "repeats", "Actual value was 0"),
        Bad<ArgumentNullException>("ActionRepeatEnvironment(IEnvironment, int)", "null", () => _ = new ActionRepeatEnvironment(null!, 2), "inner"),
        Bad<ArgumentOutOfRangeException>("ActionRepeatEnvironment(IEnvironment, int)", "never",
            () => _ = new ActionRepeatEnvironment(new PendulumEnvironment(), -3), "repeats", "-3"),
        Bad<ArgumentException>("ActionRepeatEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "no action",
            () => new PendulumEnvironment().WithActionRepeat(2).Step([], new double[3]), "action has 0 elements"),
        Bad<ArgumentException>("ActionRepeatEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "a short buffer",
            () => new PendulumEnvironment().WithActionRepeat(2).Step([1], []), "observation has 0 elements"),
        Bad<ArgumentNullException>("EnvironmentExtensions.FindFrameShape(IEnvironment)", "null", () => ((IEnvironment)null!).FindFrameShape(), "environment"),
        Bad<ArgumentOutOfRangeException>(Batch, "no length", () => _ = new SequenceBatch(0, 1, Shape, 1), "length", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Batch, "no chunks", () => _ = new SequenceBatch(1, 0, Shape, 1), "batch", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Batch, "no actions", () => _ = new SequenceBatch(1, 1, Shape, 0), "actionLength", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Batch, "more than memory spans", () => _ = new SequenceBatch(50_000, 50_000, Shape, 1), "batch", "take fewer"),
        Bad<ArgumentException>(Batch, "a shape without sizes", () => _ = new SequenceBatch(1, 1, default, 1), "shape", "new FrameShape"),
        Bad<ArgumentException>(Batch, "a device that is not there",
            () => _ = new SequenceBatch(1, 1, Shape, 1, new Device(TorchSharp.DeviceType.CUDA, 99)), "device", "'cuda:99'"),
        Bad<ArgumentException>("EpisodePool(FrameShape, int)", "a shape without sizes", () => _ = new EpisodePool(default, 1), "shape", "new FrameShape"),
        Bad<ArgumentOutOfRangeException>("EpisodePool(FrameShape, int)", "no actions", () => _ = new EpisodePool(Shape, 0), "actionLength"),
        Bad<ArgumentException>("EpisodePool.Begin(ReadOnlySpan<Byte>)", "a frame of another size", () => new EpisodePool(Shape, 1).Begin(new byte[5]),
            "frame has 5 elements", "6 are expected"),
        Bad<InvalidOperationException>(Add, "no episode", () => new EpisodePool(Shape, 1).Add([1], 0, new byte[6], false, false), "Begin"),
        Bad<ArgumentException>(Add, "a long action", () => Begun().Add([1, 2], 0, new byte[6], false, false), "action has 2 elements"),
        Bad<ArgumentException>(Add, "a short frame", () => Begun().Add([1], 0, new byte[4], false, false), "frame has 4 elements"),
        Bad<ArgumentOutOfRangeException>(Add, "an action that is NaN", () => Begun().Add([float.NaN], 0, new byte[6], false, false), "action", "NaN"),
        Bad<ArgumentOutOfRangeException>(Add, "an endless reward", () => Begun().Add([1], float.PositiveInfinity, new byte[6], false, false), "reward",
            "Infinity"),
        Bad<ArgumentOutOfRangeException>("EpisodePool.CountChunks(int)", "of no frames", () => Begun().CountChunks(0), "length", "Actual value was 0"),
        Bad<ArgumentNullException>(Draw, "no batch", () => Begun().Draw(null!, new RandomSource(1)), "batch"),
        Bad<ArgumentNullException>(Draw, "no stream", () => Begun().Draw(new SequenceBatch(1, 1, Shape, 1), null!), "random"),
        Bad<ArgumentException>(Draw, "frames of another size", () => Begun().Draw(new SequenceBatch(1, 1, new FrameShape(1, 3, 2), 1), new RandomSource(1)),
            "batch", "1x3x2", "1x2x3"),
        Bad<ArgumentException>(Draw, "longer actions", () => Begun().Draw(new SequenceBatch(1, 1, Shape, 2), new RandomSource(1)), "batch", "actions of 2"),
        Bad<InvalidOperationException>(Draw, "chunks longer than every episode",
            () => Begun().Draw(new SequenceBatch(2, 1, Shape, 1), new RandomSource(1)), "2 frames", "has 1"),
        Bad<ObjectDisposedException>(Draw, "a disposed batch",
            () => Begun().Draw(Samples.DisposedTwice(new SequenceBatch(1, 1, Shape, 1)), new RandomSource(1)), "SequenceBatch"),
        Bad<ArgumentNullException>("EpisodePool.Save(IStateWriter)", "null", () => Begun().Save(null!), "to"),
        Bad<ArgumentNullException>("EpisodePool.Restore(IStateReader)", "null", () => Begun().Restore(null!), "from"),
        Bad<CheckpointException>("EpisodePool.Restore(IStateReader)", "the state of something else", () => Begun().Restore(new StateMemory()), "sizes"),
    ];

    private static EpisodePool Begun()
    {
        var pool = new EpisodePool(Shape, 1);
        pool.Begin(new byte[6]);
        return pool;
    }

    private static IEnumerable<BadCase> Wraps(string member, Func<IEnvironment, int, int, object> wrap, string argument) =>
    [
        Bad<ArgumentNullException>(member, "null", () => wrap(null!, 4, 4), argument),
        Bad<ArgumentException>(member, "no observation space", () => wrap(new ScriptedEnvironment { ObservationSpace = null! }, 4, 4), "inner",
            "ObservationSpace is null"),
        Bad<ArgumentException>(member, "an environment that cannot draw itself", () => wrap(new ScriptedEnvironment().WithTimeLimit(3), 4, 4), "inner",
            "ScriptedEnvironment cannot draw itself", "IDrawableEnvironment"),
        Bad<ArgumentException>(member, "one that another thread calls",
            () => wrap(new PendulumEnvironment().WithStepTimeout(TimeSpan.FromSeconds(9)), 4, 4), "inner", "before WithStepTimeout"),
        Bad<ArgumentOutOfRangeException>(member, "no rows", () => wrap(new PendulumEnvironment(), 0, 4), "Height", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(member, "too many pixels", () => wrap(new PendulumEnvironment(), 9000, 9000), "width", "16777216"),
    ];
}
