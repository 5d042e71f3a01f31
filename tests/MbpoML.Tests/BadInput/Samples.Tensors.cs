using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <content>What the cases of tensors and pools need.</content>
internal static partial class Samples
{
    public static TransitionLayout Layout { get; } = new(2, 1);

    /// <summary>Never disposed: a seed like any other.</summary>
    public static Generator Generator { get; } = new(1);

    public static Tensor Disposed(params long[] shape)
    {
        var tensor = zeros(shape);
        tensor.Dispose();
        return tensor;
    }

    public static Generator DisposedGenerator()
    {
        var generator = new Generator(1);
        generator.Dispose();
        return generator;
    }

    /// <summary>Disposes, twice as may happen, and gives back.</summary>
    public static T DisposedTwice<T>(T value)
        where T : IDisposable
    {
        value.Dispose();
        value.Dispose();
        return value;
    }
}
