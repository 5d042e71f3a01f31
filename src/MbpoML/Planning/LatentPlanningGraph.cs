using MbpoML.Dynamics.Latent;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// A latent planner as an ONNX graph: frame, action and belief before in, belief and action out. The iterations of the cross-entropy method and the steps that
/// they imagine stand one after the other, with the numbers that they draw.
/// </summary>
/// <remarks>The numbers are drawn in the order of <see cref="LatentPlanningTransformer"/>, so that both give the same but for the rounding.</remarks>
internal sealed class LatentPlanningGraph
{
    private readonly RecurrentStateSpaceModel _model;
    private readonly CrossEntropyMethod.Options _search;
    private readonly PlanningTransformer.Options _options;
    private readonly LatentPlanningPolicy _policy;
    private readonly OnnxModelWriter _graph = new("latent planner");
    private readonly RecurrentStateSpaceShape _shape;
    private readonly ActionBounds _bounds;
    private readonly RecurrentStateSpaceArrays _arrays;
    private readonly Dictionary<(float[], string), string> _constants = [];
    private int _names;

    /// <param name="policy">The planner.</param>
    /// <exception cref="NotSupportedException">A part is none that the graph can hold.</exception>
    public LatentPlanningGraph(LatentPlanningPolicy policy)
    {
        (_policy, _options) = (policy, policy.Planner.Options);
        _model = policy.Model as RecurrentStateSpaceModel ?? throw No($"the model is {policy.Model.GetType().Name}", "the recurrent state-space model");
        _search = (policy.Planner.Optimizer as CrossEntropyMethod)?.Settings
            ?? throw No($"the optimizer is {policy.Planner.Optimizer.GetType().Name}", "the cross-entropy method");
        if (!_search.ClipsDraws || _search.LeastVariance > 0 || _search.Execute != PlannedSequence.Mean)
            throw No("the cross-entropy method ends early, truncates its draws or carries out the best sequence",
                "ClipsDraws, a LeastVariance of 0 and the mean, as PlaNet has them");
        if (_options.Particles is > 1 || _options.TerminalValue is not null || _options.Rule is not null || _options.MaxActionChange is not null
            || _options.MaxRows is not null)
            throw No("the planner has particles, a terminal value, a rule, limits of the change of actions or a budget", "none of them");
        (_shape, _arrays) = (_model.Network.Shape, _model.Network.ToArrays());
        _bounds = new ActionBounds(_shape.ActionSpace);
    }

    /// <summary>The bytes of an .onnx file.</summary>
    /// <param name="inputs">The names of frame, action before and belief before.</param>
    /// <param name="outputs">The names of belief and action.</param>
    public byte[] Author((string Frame, string Action, string Belief) inputs, (string Belief, string Action) outputs)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = _policy.NewGenerator();
        var belief = See(
            Rows(_graph.Input(inputs.Frame, _shape.Frames.Size), 1, _shape.Frames.Channels, _shape.Frames.Height, _shape.Frames.Width),
            Rows(_graph.Input(inputs.Action, _shape.ActionSpace.Size), 1, _shape.ActionSpace.Size),
            Rows(_graph.Input(inputs.Belief, _shape.Belief), 1, _shape.Belief), generator);
        var mean = Search(belief, generator);
        _graph.Node("Reshape", outputs.Belief, belief, _graph.Constant("/belief/shape", (long)_shape.Belief));
        _graph.Node("Reshape", outputs.Action, ToAction(Part(mean, 0, _shape.ActionSpace.Size)),
            _graph.Constant("/action/shape", (long)_shape.ActionSpace.Size));
        _graph.Output(outputs.Belief, _shape.Belief);
        _graph.Output(outputs.Action, _shape.ActionSpace.Size);
        _graph.Metadata("name", "MbpoML latent planner");
        return _graph.ToArray(typeof(LatentPlanningGraph).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");
    }

    private static NotSupportedException No(string what, string needed) => new(
        $"The planner cannot be saved as a graph, because {what}; it can hold {needed}. The run's checkpoint holds every planner: open it by the trainer.");

    // The posterior after one more frame.
    private string See(string frame, string action, string before, Generator generator)
    {
        var frames = _shape.Frames;
        using var zero = zeros([1, frames.Channels, frames.Height, frames.Width], ScalarType.Float32);
        using var noise = FramePixels.Read(zero, generator);
        var levels = Node("Floor", Node("Mul", frame, Number(0.125f)));
        var value = Node("Add", Node("Mul", levels, Number(0.03125f)), Values(noise, 1, frames.Channels, frames.Height, frames.Width));
        var channels = frames.Channels;
        foreach (var (index, (weights, biases)) in _arrays.Encoder.Index())
        {
            var filters = _shape.EncoderFilters[index];
            value = Node("Relu", Listed(
                "Conv", [value, Constant(weights, filters, channels, _shape.EncoderKernel, _shape.EncoderKernel), Constant(biases, filters)],
                ("strides", [2, 2])));
            channels = filters;
        }

        // An action before the first frame of an episode counts as none.
        var goesOn = Node("Sign", Listed("ReduceMax", [Node("Abs", before)], ("axes", [1]), ("keepdims", [1])));
        var (memory, state) = Halves(before, _shape.Deterministic, _shape.Belief);
        var next = Remember(memory, state, Node("Mul", ToUnits(action), goesOn));
        var embedding = Dense(Rows(value, 1, _shape.Embedding), _arrays.Embedding);
        var hidden = Node("Relu", Node("Gemm", next, Constant(_arrays.Memory, _shape.Deterministic, _shape.Hidden), embedding));
        return Columns(next, Draw(Dense(hidden, _arrays.PosteriorHead), randn([1, _shape.Stochastic], ScalarType.Float32, generator: generator)));
    }

    // The mean of the last distribution, [1, horizon · action].
    private string Search(string belief, Generator generator)
    {
        var (candidates, horizon, size) = (_search.Candidates, _options.Horizon, _shape.ActionSpace.Size);
        var width = horizon * size;
        var starts = Node("Expand", belief, _graph.Constant(Name(), (long)candidates, (long)_shape.Belief));
        var (memory, state) = Halves(starts, _shape.Deterministic, _shape.Belief);
        var mean = Constant(new float[width], 1, width);
        var variance = Constant([.. Enumerable.Repeat((float)_search.InitialVariance, width)], 1, width);
        for (var iteration = 0; iteration < _search.Iterations; iteration++)
        {
            var noise = randn([1, candidates, horizon, size], ScalarType.Float32, generator: generator);
            var drawn = Node("Add", Node("Mul", Values(noise, candidates, width), Node("Sqrt", variance)), mean);
            var sequences = Node("Clip", drawn, Number(-1), Number(1));
            var elites = Node("Gather", sequences, Best(Value(sequences, memory, state, generator)));
            var middle = Mean(elites);
            var apart = Node("Sub", elites, middle);
            var spread = Mean(Node("Mul", apart, apart));
            (mean, variance) = (Smoothed(mean, middle), Node("Add", Smoothed(variance, spread), Number(1e-6f)));
        }

        return mean;
    }

    // Of each sequence the sum of its rewards, [candidates]. The rewards of all steps are one batch.
    private string Value(string sequences, string memory, string state, Generator generator)
    {
        var (candidates, horizon, size) = (_search.Candidates, _options.Horizon, _shape.ActionSpace.Size);
        var beliefs = new List<string>();
        for (var step = 0; step < horizon; step++)
        {
            memory = Remember(memory, state, ToUnits(ToAction(Part(sequences, step * size, (step + 1) * size))));
            var prior = Dense(Node("Relu", Dense(memory, _arrays.Prior)), _arrays.PriorHead);
            state = Draw(prior, randn([candidates, _shape.Stochastic], ScalarType.Float32, generator: generator));
            beliefs.Add(Columns(memory, state));
        }

        var value = Single("Concat", [.. beliefs], ("axis", [0]));
        foreach (var (index, layer) in _arrays.Reward.Index()) value = Dense(index == 0 ? value : Node("Relu", value), layer);
        float[] discounts = [.. Enumerable.Range(0, horizon).Select(step => (float)Math.Pow(_options.Discount, step))];
        return Node("MatMul", Constant(discounts, horizon), Rows(value, horizon, candidates));
    }

    private string Best(string values)
    {
        var indices = Name();
        _graph.Node("TopK", [Name(), indices], [values, _graph.Constant(Name(), (long)Math.Min(_search.Elites, _search.Candidates))], [], _ => false);
        return indices;
    }

    private string Remember(string memory, string state, string units)
    {
        var (size, hidden) = (_shape.Deterministic, _shape.Hidden);
        var input = Node("Relu", Node("Gemm", state, Constant(_arrays.State, _shape.Stochastic, hidden), Dense(units, _arrays.Action)));
        var parts = Node("Gemm", input, Constant(_arrays.Unit.Input, hidden, 3 * size), Constant(_arrays.Unit.Bias, 3 * size));
        var gates = Node("Sigmoid", Node("Gemm", memory, Constant(_arrays.Unit.Gates, size, 2 * size), Part(parts, 0, 2 * size)));
        var (reset, keep) = Halves(gates, size, 2 * size);
        var candidate = Node(
            "Tanh", Node("Gemm", Node("Mul", reset, memory), Constant(_arrays.Unit.Candidate, size, size), Part(parts, 2 * size, 3 * size)));
        return Node("Add", candidate, Node("Mul", keep, Node("Sub", memory, candidate)));
    }

    private string Draw(string head, Tensor noise)
    {
        var (mean, raw) = Halves(head, _shape.Stochastic, 2 * _shape.Stochastic);
        var deviation = Node("Add", Node("Softplus", raw), Number((float)_shape.LeastDeviation));
        return Node("Add", mean, Node("Mul", deviation, Values(noise, noise.shape)));
    }

    private string ToAction(string units)
    {
        var size = _shape.ActionSpace.Size;
        var scaled = Node("Add", Node("Mul", units, Constant(_bounds.HalfRange, size)), Constant(_bounds.Center, size));
        return Node("Max", Node("Min", scaled, Constant(_bounds.High, size)), Constant(_bounds.Low, size));
    }

    private string ToUnits(string action)
    {
        var size = _shape.ActionSpace.Size;
        return Node("Div", Node("Sub", action, Constant(_bounds.Center, size)), Constant(_bounds.HalfRange, size));
    }

    private string Smoothed(string before, string now) =>
        Node("Add", Node("Mul", before, Number((float)_search.Smoothing)), Node("Mul", now, Number((float)(1 - _search.Smoothing))));

    private string Mean(string rows) => Listed("ReduceMean", [rows], ("axes", [0]), ("keepdims", [1]));

    private string Dense(string input, (float[] Weights, float[] Biases) layer) =>
        Node("Gemm", input, Constant(layer.Weights, layer.Weights.Length / layer.Biases.Length, layer.Biases.Length),
            Constant(layer.Biases, layer.Biases.Length));

    private (string First, string Second) Halves(string rows, int first, int all) => (Part(rows, 0, first), Part(rows, first, all));

    // Columns from the first up to, but without, the end.
    private string Part(string rows, int first, int end) => Node(
        "Slice", rows, _graph.Constant(Name(), (long)first), _graph.Constant(Name(), (long)end), _graph.Constant(Name(), 1L));

    private string Columns(string left, string right) => Single("Concat", [left, right], ("axis", [1]));

    private string Rows(string value, params long[] shape) => Node("Reshape", value, _graph.Constant(Name(), shape));

    private string Number(float value) => _graph.Constant(Name(), [value], []);

    private string Values(Tensor values, params long[] shape) => Constant(values.contiguous().Floats().ToArray(), shape);

    // Equal arrays stand in the graph once.
    private string Constant(float[] values, params long[] shape)
    {
        var key = (values, string.Join(",", shape));
        if (!_constants.TryGetValue(key, out var name)) _constants[key] = name = _graph.Constant(Name(), values, shape);
        return name;
    }

    private string Node(string operation, params string[] inputs) => _graph.Node(operation, Name(), inputs);

    private string Listed(string operation, string[] inputs, params (string Name, long[] Values)[] attributes) =>
        _graph.Node(operation, [Name()], inputs, attributes, name => name != "keepdims");

    private string Single(string operation, string[] inputs, params (string Name, long[] Values)[] attributes) =>
        _graph.Node(operation, [Name()], inputs, attributes, _ => false);

    // A leading slash keeps the inner names apart from those of columns.
    private string Name() => Invariant($"/v{_names++}");
}
