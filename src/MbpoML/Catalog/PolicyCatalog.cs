using System.Runtime.CompilerServices;
using MbpoML.Acting;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Policies.Distillation;
using MbpoML.Policies.Files;
using MbpoML.Policies.Proximal;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.TrustRegion;
using MbpoML.Policies.ValueGradient;

namespace MbpoML.Catalog;

/// <summary>Stage 3: ways to optimise a policy on transitions.</summary>
public sealed class PolicyCatalog
{
    private const int DefaultMaxBytes = 64 * 1024 * 1024;

    private readonly ComponentContext _context;

    internal PolicyCatalog(ComponentContext context) => _context = context;

    /// <summary>Soft actor-critic, all options open.</summary>
    /// <param name="options">Read once; later changes do nothing.</param>
    /// <param name="columns">The names of the transitions' columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    // So that "new() { ... }" means the options.
    [OverloadResolutionPriority(1)]
    public SoftActorCriticTrainer SoftActorCritic(SoftActorCriticTrainer.Options options, TransitionColumns? columns = null) =>
        new(_context, options, columns ?? TransitionColumns.Default);

    /// <summary>Soft actor-critic with the options that matter most, the others at their defaults.</summary>
    /// <param name="actionSpace">
    /// The bounds of the actions in the transitions; null means [-1, 1]. The MBPO trainer takes the environment's bounds instead.
    /// </param>
    /// <param name="updates">Updates of one Fit when the estimator is used alone.</param>
    /// <param name="targetEntropy">The entropy, in nats of actions scaled to [-1, 1]; null means minus the number of action dimensions.</param>
    /// <exception cref="ArgumentException">A bound is infinite, or a number is out of range.</exception>
    public SoftActorCriticTrainer SoftActorCritic(BoxSpace? actionSpace = null, int updates = 10_000, double? targetEntropy = null) =>
        SoftActorCritic(new SoftActorCriticTrainer.Options { ActionSpace = actionSpace, Updates = updates, TargetEntropy = targetEntropy });

    /// <summary>
    /// The value gradient: a policy that climbs its value through a dynamics model that can be differentiated. The learner of double-horizon MBPO.
    /// </summary>
    /// <param name="options">Read once; later changes do nothing. The defaults when null.</param>
    /// <param name="columns">The names of the transitions' columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    public ValueGradientTrainer ValueGradient(ValueGradientTrainer.Options? options = null, TransitionColumns? columns = null) =>
        new(_context, options ?? new ValueGradientTrainer.Options(), columns ?? TransitionColumns.Default);

    /// <summary>Trust region policy optimization on imagined episodes: the learner of ME-TRPO.</summary>
    /// <param name="options">Read once; later changes do nothing. The defaults when null.</param>
    /// <param name="columns">The names of the transitions' columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    public TrustRegionTrainer TrustRegion(TrustRegionTrainer.Options? options = null, TransitionColumns? columns = null) =>
        new(_context, options ?? new TrustRegionTrainer.Options(), columns ?? TransitionColumns.Default);

    /// <summary>Proximal policy optimization on imagined episodes, with a network of values. <c>rl.Ppo</c> learns with it from the environment.</summary>
    /// <param name="options">Read once; later changes do nothing. The defaults when null.</param>
    /// <param name="columns">The names of the transitions' columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    public ProximalTrainer Proximal(ProximalTrainer.Options? options = null, TransitionColumns? columns = null) =>
        new(_context, options ?? new ProximalTrainer.Options(), columns ?? TransitionColumns.Default);

    /// <summary>A policy of given numbers, as an ML.NET transformer that can be saved and exported.</summary>
    /// <param name="actor">The weights, biases and bounds of the actor; copied.</param>
    /// <param name="options">How it reads and writes data views; the defaults when null.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">Sizes of layers do not fit each other, or a bound of the actions is infinite or beyond float32.</exception>
    /// <exception cref="InvalidOperationException">The two column names are the same.</exception>
    public PolicyTransformer FromNetwork(ActorParameters actor, PolicyTransformer.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return new PolicyTransformer(_context, actor, options);
    }

    /// <summary>Any policy as an ML.NET transformer, for instance a planner. It takes the most likely actions, and cannot be saved.</summary>
    /// <param name="policy">Acts; stays the caller's, and must live as long as the transformer.</param>
    /// <param name="options">How it reads and writes data views; the defaults when null.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The policy has no action space.</exception>
    /// <exception cref="InvalidOperationException">The two column names are the same.</exception>
    /// <exception cref="NotSupportedException">The options ask for drawn actions.</exception>
    public PolicyTransformer FromPolicy(IPolicy policy, PolicyTransformer.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.ActionSpace is null)
            throw new ArgumentException($"{policy.GetType().Name}.ActionSpace is null, but must be the space of its actions.", nameof(policy));
        if (options?.Stochastic == true)
            throw new NotSupportedException("A policy that is no network of MbpoML is served with its most likely actions only: leave out Stochastic.");
        return new PolicyTransformer(_context, policy, options);
    }

    /// <summary>A planner: a policy that imagines action sequences with a model at each step, and takes the first action of the best one.</summary>
    /// <param name="imagined">The task as a model imagines it, with reward and termination where they are known. The model stays the caller's.</param>
    /// <param name="actionSpace">The space of the actions, whose bounds are finite.</param>
    /// <param name="optimizer">Looks for the sequences (<see cref="ReinforcementCatalog.Planning"/>). Default: iCEM, 97 rollouts a step.</param>
    /// <param name="options">How far, with how many particles, and what counts; copied. The defaults when null.</param>
    /// <param name="seed">Decides what is drawn where no generator is given. Default: from the MLContext.</param>
    /// <returns>A policy and an ML.NET transformer with the columns Action and PlannedReturn; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or a bound is infinite.</exception>
    /// <exception cref="InvalidOperationException">There is no model yet.</exception>
    public PlanningTransformer Planner(
        ImaginedEnvironment imagined, BoxSpace actionSpace, IActionSequenceOptimizer? optimizer = null, PlanningTransformer.Options? options = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(imagined);
        ArgumentNullException.ThrowIfNull(actionSpace);
        options ??= new PlanningTransformer.Options();
        options.Validate();
        var layout = imagined.Model.Layout;
        if (layout.ActionSize != actionSpace.Size)
            throw new ArgumentException(
                Invariant($"The action space has {actionSpace.Size} dimensions, but the model takes {layout.ActionSize}."), nameof(actionSpace));
        return new PlanningTransformer(
            _context,
            new PlanningPolicy(
                PlannedTask.Of(imagined), layout.ObservationSize, actionSpace, optimizer ?? new ImprovedCrossEntropyMethod(new()), options.ForRun(),
                seed ?? _context.NextSeed()));
    }

    /// <summary>A planner in an environment, whose reward and termination count where it knows them.</summary>
    /// <param name="dynamics">Imagines: of a fitted ensemble its Model, <see cref="EnvironmentDynamicsModel"/> for the true equations. Stays the
    /// caller's.</param>
    /// <param name="environment">Gives the actions, and reward and termination where it knows them.</param>
    /// <param name="optimizer">Looks for the sequences. Default: iCEM, 97 rollouts a step.</param>
    /// <param name="options">How far, with how many particles, and what counts; copied. The defaults when null.</param>
    /// <param name="seed">Decides what is drawn where no generator is given. Default: from the MLContext.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or model and environment have other sizes.</exception>
    public PlanningTransformer Planner(
        IDynamicsModel dynamics, IEnvironment environment, IActionSequenceOptimizer? optimizer = null, PlanningTransformer.Options? options = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        environment.RequireSpaces();
        if (dynamics.Layout.ObservationSize != environment.ObservationSpace.Size)
            throw new ArgumentException(
                Invariant($"The environment has {environment.ObservationSpace.Size} observations, but the model {dynamics.Layout.ObservationSize}."),
                nameof(environment));
        return Planner(new ImaginedEnvironment(dynamics, environment.Termination, environment.Reward), environment.ActionSpace, optimizer, options, seed);
    }

    /// <summary>A planner in the latent space, which makes a belief of frames and imagines action sequences from it: the policy of PlaNet.</summary>
    /// <param name="dynamics">The latent model, such as that of <c>rl.Dynamics.RecurrentStateSpace</c>; stays the caller's.</param>
    /// <param name="actionSpace">The space of the actions, whose bounds are finite.</param>
    /// <param name="optimizer">Looks for the sequences (<see cref="ReinforcementCatalog.Planning"/>). Default: the cross-entropy method of PlaNet.</param>
    /// <param name="options">How far, and what counts; copied. Default: 12 steps without a warm start, as in PlaNet.</param>
    /// <param name="explorationNoise">The standard deviation of the noise on drawn actions, in units in which the bounds are -1 and 1. Default: 0.3, as in
    /// PlaNet.</param>
    /// <param name="seed">Decides what is drawn where no generator is given. Default: from the MLContext.</param>
    /// <returns>A policy and an ML.NET transformer whose belief is a column; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">An option is out of range, a bound is infinite, or the model takes other actions.</exception>
    public LatentPlanningTransformer LatentPlanner(
        ILatentDynamicsModel dynamics, BoxSpace actionSpace, IActionSequenceOptimizer? optimizer = null, PlanningTransformer.Options? options = null,
        double explorationNoise = 0.3, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        ArgumentNullException.ThrowIfNull(actionSpace);
        options ??= PlaNetPresets.Planner();
        options.Validate();
        if (dynamics.Layout.ActionSize != actionSpace.Size)
            throw new ArgumentException(
                Invariant($"The action space has {actionSpace.Size} dimensions, but the model takes {dynamics.Layout.ActionSize}."), nameof(actionSpace));
        return new LatentPlanningTransformer(
            _context,
            new LatentPlanningPolicy(
                () => dynamics, actionSpace, optimizer ?? new CrossEntropyMethod(PlaNetPresets.CrossEntropy()), options.ForRun(),
                Check.NotNegative(explorationNoise), seed ?? _context.NextSeed()),
            owned: null);
    }

    /// <summary>Makes a network of a policy that is none, such as a planner, so that it is fast, saved and exported to ONNX.</summary>
    /// <param name="policy">Its most likely actions are learned; stays the caller's.</param>
    /// <param name="options">How the network learns; copied. The defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the policy has no action space.</exception>
    public DistillationTrainer Distill(IPolicy policy, DistillationTrainer.Options? options = null) =>
        new(_context, policy, options ?? new DistillationTrainer.Options());

    /// <summary>
    /// Reads a policy from the zip that Model.Save wrote or the file that <see cref="PolicyTransformer.ExportToOnnx"/> wrote, also one from a stranger.
    /// </summary>
    /// <remarks>
    /// Nothing in the file is executed, unpacked to disk or handed to native code, and no more than a small multiple of <paramref name="maxBytes"/> is
    /// allocated. What is not exactly what MbpoML writes for a policy is refused. ML.NET's Model.Load makes none of these promises: keep it for files of your
    /// own.
    /// </remarks>
    /// <param name="path">The path of the zip or ONNX file.</param>
    /// <param name="maxBytes">The most bytes that the file, and the model packed in it, may have, at least 1. Default 64 MiB: 16 million weights.</param>
    /// <returns>The policy, ready to act and to be saved again; the caller disposes it.</returns>
    /// <exception cref="PolicyFileException">The file is not such a policy, is damaged, is too large or cannot be opened.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or <paramref name="maxBytes"/> below 1.</exception>
    public PolicyTransformer Load(string path, int maxBytes = DefaultMaxBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PolicyFile.Load(_context, path, Check.AtLeast(1, maxBytes));
    }

    /// <summary>Reads a policy as <see cref="Load(string, int)"/> does, from a stream that is read to its end.</summary>
    /// <param name="stream">Any readable stream; it stays the caller's.</param>
    /// <param name="maxBytes">The most bytes that the stream, and the model packed in it, may have, at least 1. Default 64 MiB.</param>
    /// <exception cref="PolicyFileException">The stream holds no such policy, fails or is too long.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read or <paramref name="maxBytes"/> is below 1.</exception>
    public PolicyTransformer Load(Stream stream, int maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead) throw new ArgumentException("The stream cannot be read.", nameof(stream));
        return PolicyFile.Load(_context, stream, Check.AtLeast(1, maxBytes));
    }
}
