using System.Globalization;
using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace MbpoML.Policies.Distillation;

/// <summary>Makes a network of a policy that is none, such as a planner: it learns the actions that the policy takes at given observations.</summary>
/// <remarks>
/// Behavioural cloning by the squared error of the actions, in units in which the bounds are -1 and 1, with Adam. The network knows only what the observations
/// show: give those of episodes in which the policy itself acted. Made by <c>rl.Policies.Distill</c>.
/// </remarks>
public sealed partial class DistillationTrainer : IEstimator<PolicyTransformer>
{
    // Observations that a policy is asked about at once.
    private const int BlockRows = 256;

    private readonly ComponentContext _context;
    private readonly IPolicy _policy;
    private readonly Options _options;
    private readonly int _seed;

    internal DistillationTrainer(ComponentContext context, IPolicy policy, Options options)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (policy.ActionSpace is null)
            throw new ArgumentException($"{policy.GetType().Name}.ActionSpace is null, but must be the space of its actions.", nameof(policy));
        (_context, _policy, _options) = (context, policy, options.Copy());
        _seed = options.Seed ?? context.NextSeed();
    }

    /// <summary>The mean squared error of the last fit, in units in which the bounds of the actions are -1 and 1; null before the first.</summary>
    public double? Error { get; private set; }

    /// <summary>Asks the policy for its action at each row, and fits a network to the answers.</summary>
    /// <param name="input">Observations, vector&lt;float, n&gt;; other columns are ignored.</param>
    /// <returns>The network, an ML.NET model that can be saved and exported to ONNX; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    /// <exception cref="ArgumentException">The column has another type or size, there is no row, or a value is not finite.</exception>
    /// <exception cref="LearningException">Learning diverged, or the policy is a planner whose model left the range of numbers.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var channel = _context.Host.Start("Distillation");
        var observations = TransitionReader.ReadVectors(input, _options.ObservationColumnName);
        if (observations.size(1) != _policy.ObservationSize)
            throw new ArgumentException(
                Invariant($"The column '{_options.ObservationColumnName}' has {observations.size(1)} numbers a row, but the policy reads ") +
                    Invariant($"{_policy.ObservationSize}."), nameof(input));
        var bounds = new ActionBounds(_policy.ActionSpace, nameof(input));
        var (center, half) = (tensor(bounds.Center), tensor(bounds.HalfRange));
        var targets = Actions(observations).sub(center).div(half).Clamped(-1, 1);
        var scale = new Standardizer(_policy.ObservationSize, CPU);
        scale.FitTo(observations);
        int[] sizes = [_policy.ObservationSize, .. _options.HiddenSizes, _policy.ActionSpace.Size];
        using var network = new ImitationNetwork(sizes, Seeds.Derive(_seed, "initial-weights"));
        Learn(network, scale.Apply(observations), targets);
        Error = network.Error(scale.Apply(observations), targets);
        if (!double.IsFinite(Error.Value))
            throw new LearningException("imitation error", Error.Value, "The network that learns the policy's actions diverged: take a smaller LearningRate.");
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"imitation error {Error:g4} on {observations.size(0)} rows"));
        var (weights, biases) = network.ToArrays(scale);
        scale.Dispose();
        return new PolicyTransformer(
            _context, ActorParameters.Deterministic(_policy.ObservationSize, _policy.ActionSpace, weights, biases),
            new PolicyTransformer.Options { ObservationColumnName = _options.ObservationColumnName, ActionColumnName = _options.ActionColumnName });
    }

    /// <summary>The input's columns and the network's action.</summary>
    /// <param name="inputSchema">The columns of the view to fit to, with the observations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_options.ObservationColumnName);
        return inputSchema.With(SchemaShapes.Vector(_context.ML, _options.ActionColumnName));
    }

    private Tensor Actions(Tensor observations)
    {
        using var noGradient = no_grad();
        var blocks = new List<Tensor>();
        for (var first = 0L; first < observations.size(0); first += BlockRows)
            blocks.Add(_policy.Act(observations.narrow(0, first, Math.Min(BlockRows, observations.size(0) - first))).cpu());
        return cat(blocks, 0);
    }

    private void Learn(ImitationNetwork network, Tensor inputs, Tensor targets)
    {
        using var order = new Generator((ulong)Seeds.Derive(_seed, "minibatches"), CPU);
        using var optimizer = new FlatAdam(network.Parameters, _options.LearningRate);
        var rows = inputs.size(0);
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            using var scope = NewDisposeScope();
            var shuffled = randperm(rows, ScalarType.Int64, generator: order);
            for (var first = 0L; first < rows; first += _options.BatchSize)
            {
                using var step = NewDisposeScope();
                var chosen = shuffled.narrow(0, first, Math.Min(_options.BatchSize, rows - first));
                optimizer.Step(network.Gradient(inputs.index_select(0, chosen), targets.index_select(0, chosen)));
            }
        }
    }
}
