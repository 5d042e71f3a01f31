using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// All that a learner must keep from one update to the next: parameters, targets, Adam's moments, α, the values' bounds, the observations' scales and the
/// random streams.
/// </summary>
internal sealed partial class ValueGradientState : IDisposable
{
    private const double LeastDeviation = 1e-4;

    private readonly Tensor[] _views;
    private readonly NetworkShape _actorShape, _criticShape;

    public ValueGradientState(ValueGradientSettings settings, int seed, Device device)
    {
        Device = device;
        (_actorShape, _criticShape) = (settings.Actor, settings.Critic);
        using (var weights = new Generator((ulong)Seeds.Derive(seed, "weights")))
        {
            Actor = Place(InitialActor(settings.Actor, weights), device);
            Critics = Place(InitialCritics(settings.Critic, settings.CriticCount, weights), device);
        }
        Targets = Critics.clone().DetachFromDisposeScope();
        AveragedActor = settings.ActorAveraging is null ? null : Actor.clone().DetachFromDisposeScope();
        Observations = new Standardizer(settings.Layout.ObservationSize, device);
        LogAlpha = Place(tensor([(float)Math.Log(settings.InitialTemperature)]), device);
        Bounds = new ValueBounds(settings);
        _views = [Actor.view(-1).DetachFromDisposeScope(), Critics.view(-1).DetachFromDisposeScope()];
        ActorOptimizer = new FlatAdam(_views[0], settings.ActorLearningRate);
        CriticOptimizer = new FlatAdam(_views[1], settings.CriticLearningRate);
        AlphaOptimizer = new FlatAdam(LogAlpha, settings.TemperatureLearningRate);
        Noise = [.. Halves(half => NormalStream.Create(Seeds.Derive(seed, "noise", half), device))];
        Imagining = [.. Halves(half => new Generator((ulong)Seeds.Derive(seed, "imagining", half), CPU))];
        Dropping = [.. Halves(half => new RandomSource(Seeds.Derive(seed, "dropout", half)))];
        Choosing = new RandomSource(Seeds.Derive(seed, "target-critics"));
    }

    public Device Device { get; }

    /// <summary>[1, parameters]</summary>
    public Tensor Actor { get; }

    /// <summary>A slow average of the actor's parameters, which acts where no draw is asked for; null where there is none. [1, parameters]</summary>
    public Tensor? AveragedActor { get; }

    /// <summary>An actor that proved itself and acts where no draw is asked for; null until one is kept. [1, parameters]</summary>
    public Tensor? KeptActor { get; private set; }

    /// <summary>The actor of the most likely actions: the one that was kept, or else the average where there is one. [1, parameters]</summary>
    public Tensor ActingActor => KeptActor ?? AveragedActor ?? Actor;

    /// <summary>[critics, parameters]</summary>
    public Tensor Critics { get; }

    /// <summary>[critics, parameters]: the slowly following copies that the critics' target is made of.</summary>
    public Tensor Targets { get; }

    /// <summary>How observations reach the networks; the identity until <see cref="FitScales"/>.</summary>
    public Standardizer Observations { get; }

    /// <summary>Whether the observations' scales were taken from data yet.</summary>
    public bool HasScales { get; private set; }

    /// <summary>log α, [1]</summary>
    public Tensor LogAlpha { get; }

    public ValueBounds Bounds { get; }

    public FlatAdam ActorOptimizer { get; }

    /// <summary>The values of all critics.</summary>
    public FlatAdam CriticOptimizer { get; }

    public FlatAdam AlphaOptimizer { get; }

    /// <summary>Draw the noise of the actions, one a half of the rows.</summary>
    public IReadOnlyList<NormalStream> Noise { get; }

    /// <summary>Draw what the model leaves to chance, one a half of the rows.</summary>
    public IReadOnlyList<Generator> Imagining { get; }

    /// <summary>Draw the critics' dropped units, one a half of the rows.</summary>
    public IReadOnlyList<RandomSource> Dropping { get; }

    /// <summary>Draws the target critics of each update.</summary>
    public RandomSource Choosing { get; }

    /// <summary>
    /// Takes over the scales of observations. Actors that are kept get first layers with which they stay the functions that they were; so do networks that
    /// learn, where that is asked for.
    /// </summary>
    /// <param name="observations">[rows, observation], environment units</param>
    /// <param name="tolerance">How far scales may be from those of the observations before they change.</param>
    /// <param name="keepsFunctions">Whether the networks that learn stay the functions that they were.</param>
    /// <param name="otherActors">Further actors that are kept: [1, parameters] each.</param>
    public void FitScales(Tensor observations, double tolerance, bool keepsFunctions, params ReadOnlySpan<Tensor> otherActors)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var onDevice = observations.to(Device);
        using var change = new ScaleChange(Observations, () =>
        {
            Observations.FitTo(onDevice);
            Observations.Deviation.copy_(Observations.Deviation.NotBelow(LeastDeviation));
        }, HasScales ? tolerance : 0);
        // Fresh networks are meant for the first scales.
        if (HasScales)
        {
            foreach (var actor in (Tensor?[])[.. keepsFunctions ? [Actor, AveragedActor] : Array.Empty<Tensor?>(), KeptActor, .. otherActors])
                if (actor is not null) change.KeepInputs(actor, _actorShape);
            foreach (var critics in keepsFunctions ? (Tensor[])[Critics, Targets] : []) change.KeepInputs(critics, _criticShape);
        }

        HasScales = true;
    }

    /// <summary>Keeps an actor, such as <see cref="Actor"/> as it stands; null: none any more.</summary>
    public void KeepActor(Tensor? actor)
    {
        using var noGradient = no_grad();
        KeptActor?.Dispose();
        KeptActor = actor?.clone().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var disposable in (IDisposable?[])[
            ActorOptimizer, CriticOptimizer, AlphaOptimizer, .. _views, Actor, AveragedActor, KeptActor, Critics, Targets, Observations, LogAlpha, .. Noise,
            .. Imagining])
            disposable?.Dispose();
    }

    // Orthogonal weights (A. M. Saxe, J. L. McClelland and S. Ganguli, arXiv:1312.6120) and zero biases.
    private static Tensor InitialActor(NetworkShape shape, Generator generator)
    {
        using var scope = NewDisposeScope();
        var flat = zeros(1, shape.ParameterCount, ScalarType.Float32);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (inputs, outputs) = (shape.In(layer), shape.Out(layer));
            var (q, r) = linalg.qr(randn(Math.Max(inputs, outputs), Math.Min(inputs, outputs), ScalarType.Float32, generator: generator));
            // The signs make all orthogonal matrices equally likely.
            q *= r.diagonal().sign();
            flat.narrow(1, shape.WeightOffset(layer), inputs * outputs).copy_((inputs < outputs ? q.t() : q).reshape(1, -1));
        }

        return flat.MoveToOuterDisposeScope();
    }

    // He-normal weights, small normal biases; all values begin in the middle of their range.
    private static Tensor InitialCritics(NetworkShape shape, int critics, Generator generator)
    {
        using var scope = NewDisposeScope();
        var flat = zeros(critics, shape.ParameterCount, ScalarType.Float32);
        for (var critic = 0; critic < critics; critic++)
        {
            for (var layer = 0; layer < shape.Layers - 1; layer++)
            {
                var (inputs, outputs) = (shape.In(layer), shape.Out(layer));
                flat[critic].narrow(0, shape.WeightOffset(layer), inputs * outputs).normal_(0, Math.Sqrt(2.0 / inputs), generator);
                flat[critic].narrow(0, shape.BiasOffset(layer), outputs).normal_(0, 1 / (2 * Math.Sqrt(inputs)), generator);
            }
        }

        return flat.MoveToOuterDisposeScope();
    }

    private static IEnumerable<T> Halves<T>(Func<int, T> make) => [make(0), make(1)];

    private static Tensor Place(Tensor tensor, Device device)
    {
        using var source = tensor;
        return source.to(device, copy: true).DetachFromDisposeScope();
    }
}
