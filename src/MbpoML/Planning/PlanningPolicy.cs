using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>A policy that plans each action with a model. Its actors carry their plans on from step to step.</summary>
internal sealed class PlanningPolicy : IPolicy
{
    // What is imagined at once stays within some hundred megabytes.
    private const int MostRows = 200_000;

    private readonly IActionSequenceOptimizer _optimizer;
    private readonly PlanningTransformer.Options _options;
    private readonly ActionBounds _bounds;
    private readonly ImaginedReturns _returns;
    private readonly float[]? _maxChange;

    /// <param name="task">The task as a model imagines it.</param>
    /// <param name="observationSize">n</param>
    /// <param name="actionSpace">Its bounds are finite.</param>
    /// <param name="optimizer">Looks for the sequences.</param>
    /// <param name="options">Validated; not changed by anybody any more.</param>
    /// <param name="seed">Decides what is drawn where no generator is given.</param>
    public PlanningPolicy(
        PlannedTask task, int observationSize, BoxSpace actionSpace, IActionSequenceOptimizer optimizer, PlanningTransformer.Options options, int seed)
    {
        (ObservationSize, ActionSpace, _optimizer, _options, Seed) = (observationSize, actionSpace, optimizer, options, seed);
        (Task, _bounds, _returns) = (task, new ActionBounds(actionSpace, nameof(actionSpace)), new ImaginedReturns(task, options));
        if (options.MaxActionChange is not { } changes) return;
        if (changes.Count != 1 && changes.Count != actionSpace.Size)
            throw new ArgumentException(
                Invariant($"MaxActionChange has {changes.Count} numbers, but must have one, or one for each of the {actionSpace.Size} dimensions of the ") +
                    "action.", nameof(options));
        _maxChange = [.. _bounds.HalfRange.Select((half, index) => (float)(changes[changes.Count == 1 ? 0 : index] / half))];
    }

    /// <summary>Fails where options and actions do not fit each other, before there is a model.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void CheckFit(BoxSpace actionSpace, IActionSequenceOptimizer optimizer, PlanningTransformer.Options options) => _ = new PlanningPolicy(
        new PlannedTask(() => throw new InvalidOperationException("There is no model yet."), null, null), observationSize: 1, actionSpace, optimizer, options,
        seed: 0);

    public int ObservationSize { get; }

    public BoxSpace ActionSpace { get; }

    public PlannedTask Task { get; }

    public IActionSequenceOptimizer Optimizer => _optimizer;

    public PlanningTransformer.Options Options => _options;

    public int Seed { get; }

    public IActor NewActor() => new PlanningActor(this, _options.ReplanEvery, _options.WarmStart);

    public Tensor Act(Tensor observation)
    {
        using var generator = NewGenerator();
        return Sample(observation, generator);
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        var (action, value) = Plan(observation, generator);
        value.Dispose();
        return action;
    }

    /// <summary>What is drawn where the caller gives no generator: always the same.</summary>
    public Generator NewGenerator() => new((ulong)Seed, CPU);

    /// <summary>A search for the episodes of an actor.</summary>
    public IActionSequenceSearch NewSearch() => _optimizer.CreateSearch(_options.Horizon, ActionSpace.Size)
        ?? throw new InvalidOperationException($"CreateSearch of {_optimizer.GetType().Name} returned null.");

    /// <summary>Plans from each observation by itself, without a memory.</summary>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>The first actions [rows, action], environment units, and what the model promises along the plans, [rows]; the caller disposes them.</returns>
    public (Tensor Action, Tensor Value) Plan(Tensor observation, Generator generator)
    {
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Finite(observation);
        TensorCheck.Alive(generator);
        using var scope = NewDisposeScope();
        using var search = NewSearch();
        var (actions, values) = (new List<Tensor>(), new List<Tensor>());
        var block = BlockRows;
        for (var first = 0L; first < observation.size(0); first += block)
        {
            var starts = observation.narrow(0, first, Math.Min(block, observation.size(0) - first));
            search.Begin((int)starts.size(0));
            var found = Search(search, starts, previous: null, generator);
            actions.Add(ToAction(found.Actions.select(1, 0)));
            values.Add(found.Value);
        }

        if (actions.Count == 0) return (empty(0, ActionSpace.Size).MoveToOuterDisposeScope(), empty(0).MoveToOuterDisposeScope());
        return (cat(actions, 0).to(observation.device).MoveToOuterDisposeScope(), cat(values, 0).to(observation.device).MoveToOuterDisposeScope());
    }

    /// <summary>One step of a search.</summary>
    /// <param name="search">A search of as many rows as there are observations.</param>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="previous">The actions before, [rows, action] in units of the search, which limit how far the first ones may go; null: nothing does.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>In units of the search; the caller disposes it.</returns>
    public ActionSequences Search(IActionSequenceSearch search, Tensor observation, Tensor? previous, Generator generator)
    {
        var sequences = _options.MaxRows is { } rows ? Math.Max(1, rows / _returns.RowsOfSequence) : (long?)null;
        var problem = new PlanningProblem(
            (int)observation.size(0), _options.Horizon, ActionSpace.Size, candidates => Evaluate(observation, candidates, generator),
            _maxChange is null ? null : candidates => LimitChange(candidates, previous), sequences);
        return search.Search(problem, generator);
    }

    /// <summary>Actions in environment units, within their bounds whatever the rounding.</summary>
    /// <param name="units">[..., action], in units in which the bounds are -1 and 1.</param>
    public Tensor ToAction(Tensor units)
    {
        using var scope = NewDisposeScope();
        var (center, half, low, high) = (tensor(_bounds.Center), tensor(_bounds.HalfRange), tensor(_bounds.Low), tensor(_bounds.High));
        return maximum(minimum(units.mul(half).AddInPlace(center), high), low).MoveToOuterDisposeScope();
    }

    /// <summary>Actions with exploration noise, within their bounds and as near to those before as <c>MaxActionChange</c> demands.</summary>
    /// <param name="units">[rows, action], in units in which the bounds are -1 and 1.</param>
    /// <param name="previous">Those before, likewise; null: there are none.</param>
    /// <param name="noise">The standard deviation of the noise, in these units.</param>
    /// <param name="generator">Draws it.</param>
    /// <returns>[rows, action], likewise; the caller disposes it.</returns>
    public Tensor Explore(Tensor units, Tensor? previous, double noise, Generator generator)
    {
        using var scope = NewDisposeScope();
        var noisy = randn(units.shape, ScalarType.Float32, generator: generator).MultiplyInPlace(noise).AddInPlace(units).Clamped(-1, 1);
        return (_maxChange is null ? noisy : LimitChange(noisy.view(units.size(0), 1, 1, -1), previous).view(units.shape)).MoveToOuterDisposeScope();
    }

    /// <summary>So many rows are planned at once.</summary>
    public int BlockRows => (int)Math.Max(1, MostRows / ((long)_returns.Particles * 400));

    private Tensor Evaluate(Tensor observation, Tensor candidates, Generator generator)
    {
        using var scope = NewDisposeScope();
        // Where the model is; a search draws and compares on the CPU.
        var actions = ToAction(candidates).to(observation.device);
        var (rows, count) = (candidates.size(0), candidates.size(1));
        // So many candidates that their particles fit in memory.
        var block = Math.Max(1, MostRows / (rows * _returns.Particles));
        var (values, violations) = (new List<Tensor>(), new List<Tensor>());
        for (var first = 0L; first < count; first += block)
        {
            var (value, violation) = _returns.Evaluate(observation, actions.narrow(1, first, Math.Min(block, count - first)), generator);
            values.Add(value);
            if (violation is not null) violations.Add(violation);
        }

        return _returns.Ranked(cat(values, 1), violations.Count == 0 ? null : cat(violations, 2)).cpu().MoveToOuterDisposeScope();
    }

    private Tensor LimitChange(Tensor candidates, Tensor? previous)
    {
        using var scope = NewDisposeScope();
        var change = tensor(_maxChange!);
        var limited = candidates.clone();
        var before = previous?.unsqueeze(1);
        for (var step = 0; step < limited.size(2); step++)
        {
            var action = limited.select(2, step);
            if (before is not null) action.copy_(maximum(minimum(action, before.Plus(change)), before.sub(change)));
            before = action;
        }

        return limited.MoveToOuterDisposeScope();
    }
}
