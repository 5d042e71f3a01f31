using MbpoML.Data;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// The mixture of an ensemble as an ONNX graph for one row: observation and action in, next observation and reward with their standard deviations out, all in
/// environment units.
/// </summary>
internal static class HomoscedasticOnnxGraph
{
    private static readonly string OwnVersion = typeof(HomoscedasticOnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The names of what comes out, which are those of the columns that the transformer adds.</summary>
    public static IReadOnlyList<string> Outputs { get; } =
        [TransitionColumns.PredictedNextObservation, PredictionSchema.NextObservationDeviation, TransitionColumns.PredictedReward,
            PredictionSchema.RewardDeviation];

    /// <summary>The bytes of an .onnx file.</summary>
    /// <param name="model">The members and their scales.</param>
    /// <param name="columns">The names of the inputs.</param>
    public static byte[] Author(HomoscedasticModel model, TransitionColumns columns)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (observations, actions, outputs) = (model.Layout.ObservationSize, model.Layout.ActionSize, 1 + model.Layout.ObservationSize);
        var graph = new OnnxModelWriter("dynamics");
        // Names of columns are the user's; a leading slash keeps the inner names apart from them.
        var observation = graph.Input(columns.Observation, observations);
        var action = graph.Input(columns.Action, actions);
        var means = Values(model.InputScale.Mean);
        var deviations = Values(model.InputScale.Deviation);
        var scaledObservation = Scaled(graph, "/observation", observation, means[..observations], deviations[..observations]);
        var scaledAction = Scaled(graph, "/action", action, means[observations..], deviations[observations..]);
        var members = Enumerable.Range(0, model.EliteCount).Select(member => Member(graph, model, member, scaledObservation, scaledAction)).ToArray();
        var mean = graph.Node("Mean", "/mean", members);
        var spreads = members.Select((member, index) =>
        {
            var distance = graph.Node("Sub", Invariant($"/distance{index}"), member, mean);
            return graph.Node("Mul", Invariant($"/square{index}"), distance, distance);
        }).ToArray();
        // The law of total variance: the mean of the members' variances plus the variance of their means.
        var variances = graph.Constant("/variances", Values(model.Network.LogNoise.Times(2).exp().mean([0L])), 1, outputs);
        var deviation = graph.Node("Sqrt", "/deviation", graph.Node("Add", "/variance", graph.Node("Mean", "/spread", spreads), variances));
        var scale = graph.Constant("/target/deviation", Values(model.Codec.Scale!.Deviation), 1, outputs);
        var outcome = graph.Node(
            "Add", "/outcome", graph.Node("Mul", "/outcome/scaled", mean, scale), graph.Constant("/target/mean", Values(model.Codec.Scale.Mean), 1, outputs));
        var spread = graph.Node("Mul", "/spread/scaled", deviation, scale);
        var row = graph.Node("Reshape", "/row", observation, graph.Constant("/row/shape", 1, observations));
        var next = graph.Node("Add", "/next", Columns(graph, "/delta", outcome, 1, outputs), row);
        Output(graph, Outputs[0], next, observations);
        Output(graph, Outputs[1], Columns(graph, "/next/deviation", spread, 1, outputs), observations);
        Output(graph, Outputs[2], Columns(graph, "/reward", outcome, 0, 1), 1);
        Output(graph, Outputs[3], Columns(graph, "/reward/deviation", spread, 0, 1), 1);
        graph.Metadata("name", "MbpoML homoscedastic ensemble");
        graph.Metadata("version", OwnVersion);
        return graph.ToArray(OwnVersion);
    }

    // [1, outputs]
    private static string Member(OnnxModelWriter graph, HomoscedasticModel model, int member, string observation, string action)
    {
        var (shape, flat) = (model.Network.Shape, Values(model.Network.Flat[member]));
        var value = "";
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (name, width) = (Invariant($"/member{member}/layer{layer}"), shape.Out(layer));
            var weights = flat.AsSpan(shape.WeightOffset(layer), shape.In(layer) * width);
            var biases = graph.Constant($"{name}/biases", flat.AsSpan(shape.BiasOffset(layer), width), width);
            if (layer == 0)
            {
                var observations = model.Layout.ObservationSize;
                value = graph.Node("Gemm", $"{name}/observation", observation,
                    graph.Constant($"{name}/weights/observation", weights[..(observations * width)], observations, width), biases);
                value = graph.Node(
                    "Add", name, value,
                    graph.Node("MatMul", $"{name}/action", action,
                        graph.Constant($"{name}/weights/action", weights[(observations * width)..], model.Layout.ActionSize, width)));
            }
            else
            {
                value = graph.Node("Gemm", name, value, graph.Constant($"{name}/weights", weights, shape.In(layer), width), biases);
            }

            if (layer == shape.Layers - 1) break;
            value = graph.Node("Mul", $"{name}/silu", value, graph.Node("Sigmoid", $"{name}/sigmoid", value));
            if (shape.Hidden[layer].NormEpsilon is { } epsilon) value = Normalized(graph, name, value, (float)epsilon);
        }

        return value;
    }

    // There is one row, so a mean over all values is that of the row.
    private static string Normalized(OnnxModelWriter graph, string name, string value, float epsilon)
    {
        var centered = graph.Node("Sub", $"{name}/centered", value, graph.Node("ReduceMean", $"{name}/mean", value));
        var variance = graph.Node("ReduceMean", $"{name}/variance", graph.Node("Mul", $"{name}/squares", centered, centered));
        return graph.Node("Div", $"{name}/normalized", centered,
            graph.Node("Sqrt", $"{name}/root", graph.Node("Add", $"{name}/floor", variance, graph.Constant($"{name}/epsilon", [epsilon], 1, 1))));
    }

    private static string Scaled(OnnxModelWriter graph, string name, string value, float[] means, float[] deviations)
    {
        var row = graph.Node("Reshape", $"{name}/row", value, graph.Constant($"{name}/shape", 1, means.Length));
        var centered = graph.Node("Sub", $"{name}/centered", row, graph.Constant($"{name}/means", means, 1, means.Length));
        return graph.Node("Div", $"{name}/scaled", centered, graph.Constant($"{name}/deviations", deviations, 1, means.Length));
    }

    private static string Columns(OnnxModelWriter graph, string name, string value, long start, long end) =>
        graph.Node("Slice", name, value, graph.Constant($"{name}/start", [start]), graph.Constant($"{name}/end", [end]), graph.Constant($"{name}/axis", [1L]));

    private static void Output(OnnxModelWriter graph, string name, string value, int size)
    {
        graph.Node("Reshape", name, value, graph.Constant($"/{name}/shape", [(long)size]));
        graph.Output(name, size);
    }

    private static float[] Values(Tensor values) => values.cpu().contiguous().data<float>().ToArray();
}
