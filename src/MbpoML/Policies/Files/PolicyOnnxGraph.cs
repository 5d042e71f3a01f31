using System.Globalization;
using System.Runtime.InteropServices;
using MbpoML.Numerics.Random;
using MbpoML.Policies.Serving;
using MbpoML.Saving;

namespace MbpoML.Policies.Files;

/// <summary>A policy as an ONNX graph: observation in, action out, both in the environment's units, with the squashing and the action bounds inside.</summary>
internal static class PolicyOnnxGraph
{
    /// <summary>The keys of the model's metadata.</summary>
    public const string NameKey = "name";
    public const string VersionKey = "version";
    public const string ObservationSizeKey = "observation_size";
    public const string ActionSizeKey = "action_size";
    public const string ActionLowKey = "action_low";
    public const string ActionHighKey = "action_high";
    public const string StochasticKey = "stochastic";
    public const string SeedKey = "seed";
    public const string LogStandardDeviationKey = "log_standard_deviation";
    public const string SoftplusDeviationKey = "softplus_deviation";
    public const string HiddenActivationKey = "hidden_activation";

    /// <summary>The first constant below the softplus of a stochastic policy.</summary>
    public const string LeastDeviation = "/std/least";

    private static readonly string OwnVersion = typeof(PolicyOnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The bytes of an .onnx file.</summary>
    /// <param name="actor">The policy's numbers.</param>
    /// <param name="observationName">The input's name.</param>
    /// <param name="actionName">The output's name.</param>
    /// <param name="batched">Whether the shapes are [batch, n] and [batch, m] rather than [n] and [m], which ML.NET shows as plain vectors.</param>
    /// <param name="seed">The seed of the random numbers of a stochastic policy; null gives the deterministic one.</param>
    /// <param name="version">The version of this library that is written into it; the running one's when null.</param>
    public static byte[] Author(ActorParameters actor, string observationName, string actionName, bool batched, int? seed, string? version = null)
    {
        var (n, m) = (actor.ObservationSize, actor.ActionSpace.Size);
        var bounds = new ActionBounds(actor.ActionSpace);
        var model = new OnnxModelWriter("policy");

        // Names of columns are the user's; a leading slash keeps the inner names apart from them.
        var value = batched
            ? model.Input(observationName, null, n)
            : model.Node("Reshape", "/rows", model.Input(observationName, n), model.Constant("/rows/shape", 1, n));
        var last = actor.Weights.Count - 1;
        for (var layer = 0; layer < last; layer++)
            value = Activated(model, actor.HiddenActivation, layer,
                Linear(model, Invariant($"/layer{layer}"), value, actor.Weights[layer], actor.Biases[layer]));

        var squashed = Linear(model, "/mean", value, Columns(actor.Weights[last], 2 * m, 0, m), actor.Biases[last][..m]);
        if (seed is { } given)
        {
            var raw = Linear(model, "/log_std", value, Columns(actor.Weights[last], 2 * m, m, m), actor.Biases[last][m..]);
            if (actor.Deviation == ActorDeviation.ClippedLogarithm) raw = Clipped(model, actor, raw);
            // The attribute is a single: 24 well-mixed bits of the seed are exact in it.
            var noise = model.Node("RandomNormalLike", "/noise", [squashed], ("seed", new SplitMix64((uint)given).Next() >> 40));
            squashed = model.Node("Add", "/drawn", squashed, model.Node("Mul", "/deviation", Deviation(model, actor, raw), noise));
        }
        value = model.Node("Tanh", "/squashed", squashed);
        value = model.Node("Mul", "/scaled", value, model.Constant("/half_range", bounds.HalfRange, m));
        value = model.Node("Add", "/shifted", value, model.Constant("/center", bounds.Center, m));
        value = model.Node("Max", "/above_low", value, model.Constant("/low", bounds.Low, m));
        var high32 = model.Constant("/high", bounds.High, m);
        if (batched) model.Node("Min", actionName, value, high32);
        else model.Node("Reshape", actionName, model.Node("Min", "/below_high", value, high32), model.Constant("/action/shape", m));
        if (batched) model.Output(actionName, null, m);
        else model.Output(actionName, m);

        model.Metadata(NameKey, "MbpoML policy");
        model.Metadata(VersionKey, version ?? OwnVersion);
        model.Metadata(ObservationSizeKey, n.ToString(CultureInfo.InvariantCulture));
        model.Metadata(ActionSizeKey, m.ToString(CultureInfo.InvariantCulture));
        model.Metadata(ActionLowKey, Numbers(actor.ActionSpace.Low));
        model.Metadata(ActionHighKey, Numbers(actor.ActionSpace.High));
        model.Metadata(StochasticKey, seed is null ? "false" : "true");
        if (actor.HiddenActivation != ActorActivation.Relu) model.Metadata(HiddenActivationKey, actor.HiddenActivation.ToString());
        // What the graph itself does not hold, so that the whole policy can be read back.
        if (seed is { } drawn) model.Metadata(SeedKey, drawn.ToString(CultureInfo.InvariantCulture));
        else
            model.Metadata(actor.Deviation == ActorDeviation.Softplus
                ? SoftplusDeviationKey : LogStandardDeviationKey, Convert.ToBase64String(DeviationHead(actor)));
        return model.ToArray(version ?? OwnVersion);
    }

    private static string Activated(OnnxModelWriter model, ActorActivation activation, int layer, string sum)
    {
        var name = Invariant($"/hidden{layer}");
        return activation switch
        {
            ActorActivation.Relu => model.Node("Relu", name, sum),
            ActorActivation.Tanh => model.Node("Tanh", name, sum),
            _ => model.Node("Mul", name, sum, model.Node("Sigmoid", $"{name}/sigmoid", sum)),
        };
    }

    private static string Deviation(OnnxModelWriter model, ActorParameters actor, string raw)
    {
        if (actor.Deviation == ActorDeviation.Softplus)
            return model.Node("Add", "/std", model.Node("Softplus", "/std/softplus", raw),
                model.Constant(LeastDeviation, [ActorParameters.LeastSoftplusDeviation], []));
        return model.Node("Exp", "/std", raw);
    }

    private static string Clipped(OnnxModelWriter model, ActorParameters actor, string log)
    {
        var (low, high) = actor.LogStandardDeviationRange;
        return model.Node("Clip", "/log_std/clipped", log, model.Constant("/log_std/low", [low], []), model.Constant("/log_std/high", [high], []));
    }

    private static string Linear(OnnxModelWriter model, string name, string input, float[] weights, float[] biases)
    {
        var matrix = model.Constant($"{name}/weights", weights, weights.Length / biases.Length, biases.Length);
        return model.Node("Gemm", name, input, matrix, model.Constant($"{name}/bias", biases, biases.Length));
    }

    // The weights [hidden, m] and biases [m] of the standard deviation, and the range of its logarithm, as little-endian singles.
    private static byte[] DeviationHead(ActorParameters actor)
    {
        var m = actor.ActionSpace.Size;
        float[] values = [.. Columns(actor.Weights[^1], 2 * m, m, m), .. actor.Biases[^1][m..], actor.LogStandardDeviationRange.Low,
            actor.LogStandardDeviationRange.High];
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static float[] Columns(float[] matrix, int width, int start, int count) =>
        [.. Enumerable.Range(0, matrix.Length / width).SelectMany(row => matrix.Skip((row * width) + start).Take(count))];

    private static string Numbers(IEnumerable<double> values) => string.Join(",", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
