using System.Globalization;
using System.Runtime.InteropServices;
using MbpoML.Environments;

namespace MbpoML.Policies.Files;

/// <summary>Turns the ONNX graph of a policy back into the policy's numbers. The graph is never run, so nothing in it can be.</summary>
internal static class PolicyOnnxReader
{
    /// <summary>
    /// Reads what <see cref="PolicyOnnxGraph.Author"/> wrote and nothing else: what was read is authored again, and must give the same bytes.
    /// </summary>
    /// <param name="onnx">The bytes of the graph.</param>
    /// <param name="batched">Whether it was authored with a batch dimension.</param>
    /// <exception cref="InvalidDataException">The graph is not a policy's.</exception>
    /// <exception cref="FormatException">A number in the metadata is none.</exception>
    /// <exception cref="ArgumentException">The numbers make no policy.</exception>
    public static (ActorParameters Actor, PolicyTransformer.Options Options) Read(ReadOnlySpan<byte> onnx, bool batched)
    {
        var model = new OnnxModelReader(onnx);
        var stochastic = model.Metadata(PolicyOnnxGraph.StochasticKey) == "true";
        var options = new PolicyTransformer.Options
        {
            ObservationColumnName = model.Input,
            ActionColumnName = model.Output,
            Stochastic = stochastic,
            Seed = stochastic ? int.Parse(model.Metadata(PolicyOnnxGraph.SeedKey), CultureInfo.InvariantCulture) : null,
        };
        var actor = ReadActor(model, stochastic);
        var version = model.Metadata(PolicyOnnxGraph.VersionKey);
        // A graph that computes something else than these numbers say would act differently here and in another runtime.
        return PolicyOnnxGraph.Author(actor, options.ObservationColumnName, options.ActionColumnName, batched, options.Seed, version).AsSpan()
            .SequenceEqual(onnx)
            ? (actor, options)
            : throw new InvalidDataException("its model is not one that MbpoML writes for a policy");
    }

    private static ActorParameters ReadActor(OnnxModelReader model, bool stochastic)
    {
        var space = new BoxSpace(Numbers(model.Metadata(PolicyOnnxGraph.ActionLowKey)), Numbers(model.Metadata(PolicyOnnxGraph.ActionHighKey)));
        var size = int.Parse(model.Metadata(PolicyOnnxGraph.ObservationSizeKey), CultureInfo.InvariantCulture);
        var (weights, biases, inputs) = (new List<float[]>(), new List<float[]>(), size);
        for (var layer = 0; model.HasConstant(Invariant($"/layer{layer}/weights")); layer++)
        {
            var bias = model.Constant(Invariant($"/layer{layer}/bias")).Values;
            weights.Add(Matrix(model, Invariant($"/layer{layer}"), inputs, bias.Length));
            biases.Add(bias);
            inputs = bias.Length;
        }

        var mean = (Weights: Matrix(model, "/mean", inputs, space.Size), Bias: Vector(model, "/mean", space.Size));
        var isSoftplus = stochastic ? model.HasConstant(PolicyOnnxGraph.LeastDeviation) : model.HasMetadata(PolicyOnnxGraph.SoftplusDeviationKey);
        var log = stochastic ? DrawnHead(model, inputs, space.Size, isSoftplus) : UndrawnHead(model, inputs, space.Size, isSoftplus);
        weights.Add(Beside(mean.Weights, log.Weights, space.Size));
        biases.Add([.. mean.Bias, .. log.Bias]);
        return new ActorParameters(size, space, weights, biases, log.Range)
        {
            HiddenActivation = model.HasMetadata(PolicyOnnxGraph.HiddenActivationKey)
                ? Enum.Parse<ActorActivation>(model.Metadata(PolicyOnnxGraph.HiddenActivationKey)) : ActorActivation.Relu,
            Deviation = isSoftplus ? ActorDeviation.Softplus : ActorDeviation.ClippedLogarithm,
        };
    }

    private static (float[] Weights, float[] Bias, (float Low, float High) Range) DrawnHead(OnnxModelReader model, int inputs, int outputs, bool isSoftplus) =>
        (Matrix(model, "/log_std", inputs, outputs), Vector(model, "/log_std", outputs),
            isSoftplus ? ActorParameters.DefaultRange : (Scalar(model, "/log_std/low"), Scalar(model, "/log_std/high")));

    private static (float[] Weights, float[] Bias, (float Low, float High) Range) UndrawnHead(OnnxModelReader model, int inputs, int outputs, bool isSoftplus)
    {
        var key = isSoftplus ? PolicyOnnxGraph.SoftplusDeviationKey : PolicyOnnxGraph.LogStandardDeviationKey;
        var values = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(model.Metadata(key)));
        if (values.Length != ((inputs + 1L) * outputs) + 2) throw new InvalidDataException("its standard deviations have another size than its means");
        foreach (var value in values)
            if (!float.IsFinite(value)) throw new InvalidDataException("its standard deviations have a weight that is not a finite number");
        return (values[..(inputs * outputs)].ToArray(), values[(inputs * outputs)..^2].ToArray(), (values[^2], values[^1]));
    }

    private static float[] Matrix(OnnxModelReader model, string name, int inputs, int outputs) =>
        model.Constant($"{name}/weights") is { Shape: [var rows, var columns], Values: var values } && rows == inputs && columns == outputs
            ? values
            : throw new InvalidDataException($"its model has weights '{name}' of a wrong shape");

    private static float[] Vector(OnnxModelReader model, string name, int outputs) =>
        model.Constant($"{name}/bias").Values is var values && values.Length == outputs
            ? values : throw new InvalidDataException($"its model has biases '{name}' of a wrong shape");

    private static float Scalar(OnnxModelReader model, string name) =>
        model.Constant(name).Values is [var value] ? value : throw new InvalidDataException($"its model has a '{name}' that is not one number");

    /// <summary>[rows, width] and [rows, width] as [rows, 2 width].</summary>
    private static float[] Beside(float[] left, float[] right, int width)
    {
        var both = new float[left.Length + right.Length];
        for (var start = 0; start < left.Length; start += width)
        {
            left.AsSpan(start, width).CopyTo(both.AsSpan(2 * start));
            right.AsSpan(start, width).CopyTo(both.AsSpan((2 * start) + width));
        }

        return both;
    }

    private static double[] Numbers(string list) => [.. list.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
