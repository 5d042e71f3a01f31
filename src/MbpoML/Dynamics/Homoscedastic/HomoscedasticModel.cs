using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic.Fused;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// A fitted ensemble with constant noise as a dynamics model: standardises what goes in, evaluates members, and gives rewards and next observations in the
/// environment's units.
/// </summary>
/// <remarks>Imagined next observations have noise, imagined rewards have none: they are means (official code: modules/gaussian_mlp.py).</remarks>
internal sealed class HomoscedasticModel : IEnsembleDynamicsModel, IDifferentiableDynamicsModel, IObservationScaling, IDisposable
{
    // The activations of a block stay in the processor's cache: one pass over all rows would run from memory. A GPU wants many rows at once.
    private const int CpuBlockRows = 1024;
    private const int GpuBlockRows = 65_536;

    private readonly FusedHomoscedasticSampler? _sampler;

    public HomoscedasticModel(TransitionLayout layout, HomoscedasticEnsembleTrainer.Options options, Device device)
    {
        (Layout, Device) = (layout, device);
        Network = new HomoscedasticNetwork(
            options.ToShape(layout.ObservationSize + layout.ActionSize, 1 + layout.ObservationSize), options.MemberCount, device);
        InputScale = new Standardizer(layout.ObservationSize + layout.ActionSize, device);
        Codec = new TargetCodec(layout, DynamicsTarget.Delta, normalize: true, device);
        if (options.Acceleration == Acceleration.Reference || device.type != DeviceType.CPU) return;
        Workers = new HomoscedasticWorkers(Network, options.Workers);
        _sampler = new FusedHomoscedasticSampler(this, Workers);
    }

    public TransitionLayout Layout { get; }

    public Device Device { get; }

    public HomoscedasticNetwork Network { get; }

    /// <summary>Scales observation and action together, as last fitted.</summary>
    public Standardizer InputScale { get; }

    /// <summary>Normalised rewards and changes of the observation.</summary>
    public TargetCodec Codec { get; }

    /// <summary>The threads of the CPU's fast path; null where it is not used.</summary>
    public HomoscedasticWorkers? Workers { get; }

    /// <summary>All members predict.</summary>
    public int EliteCount => Network.MemberCount;

    public bool ScalesObservations => true;

    public ObservationScale? ObservationScale => new(InputScale.Mean, InputScale.Deviation);

    /// <summary>One imagined step a row, by members that share the rows evenly (<see cref="BalancedDraw"/>).</summary>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        TensorCheck.Alive(generator);
        using var draw = new BalancedDraw(EliteCount, (int)batch, Layout.ObservationSize);
        draw.Draw(generator);
        var outcome = _sampler is null ? SampleDrawn(observation, action, draw) : _sampler.Sample(observation, action, draw);
        return Sampled(outcome.to(observation.device));
    }

    public DynamicsSample SampleMembers(Tensor observation, Tensor action, Tensor members, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        TensorCheck.Alive(generator);
        TensorCheck.Alive(members);
        if (members.dtype != ScalarType.Int64 || members.dim() != 1 || members.size(0) != batch)
            throw new ArgumentException(
                Invariant($"The members are {members.dtype} [{string.Join(", ", members.shape)}], but must be Int64 [{batch}]."), nameof(members));
        var counts = new int[EliteCount];
        foreach (var member in members.cpu().data<long>())
        {
            if (member < 0 || member >= EliteCount)
                throw new ArgumentOutOfRangeException(nameof(members), member, Invariant($"members must be from 0 to {EliteCount - 1}."));
            counts[member]++;
        }

        // The rows of each member stand together while they go through it.
        var order = members.argsort().to(Device);
        var grouped = Inputs(observation, action).index_select(0, order);
        var output = empty(batch, 1 + Layout.ObservationSize, ScalarType.Float32, Device);
        for (var (member, start) = (0, 0); member < counts.Length; start += counts[member++])
            ForwardInBlocks(member, grouped.narrow(0, start, counts[member]), output.narrow(0, start, counts[member]));
        var noise = randn(batch, Layout.ObservationSize, ScalarType.Float32, generator: generator).to(Device);
        var deviation = Network.LogNoise.exp().index_select(0, members.to(Device)).narrow(1, 1, Layout.ObservationSize);
        var mean = empty_like(output).index_copy_(0, order, output);
        mean.narrow(1, 1, Layout.ObservationSize).AddInPlace(noise * deviation);
        return Sampled(Decode(mean, observation).to(observation.device));
    }

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        var inputs = Inputs(observation, action);
        var output = empty([EliteCount, batch, 1 + Layout.ObservationSize], ScalarType.Float32, Device);
        for (var member = 0; member < EliteCount; member++) ForwardInBlocks(member, inputs, output.select(0, member));
        var deviation = (Network.LogNoise.exp() * Codec.Scale!.Deviation).unsqueeze(1).expand_as(output).contiguous();
        return (Decode(output, observation).to(observation.device).MoveToOuterDisposeScope(), deviation.to(observation.device).MoveToOuterDisposeScope());
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, deviation) = MemberMixture.Of(PredictMembers(observation, action));
        return (mean.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    /// <remarks>On the fast path of the CPU, or by automatic differentiation.</remarks>
    public IDifferentiableStep CreateStep(int batch) =>
        Workers is null ? new ReferenceHomoscedasticStep(this, batch) : new FusedHomoscedasticStep(this, Workers, batch);

    /// <summary>An imagined step with given draws, on any device; differentiable by observation and action.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="draw">Drawn for so many rows.</param>
    /// <returns>[batch, 1 + observation], environment units, on the model's device.</returns>
    internal Tensor SampleDrawn(Tensor observation, Tensor action, BalancedDraw draw)
    {
        using var scope = NewDisposeScope();
        var (inputs, noise) = (Inputs(observation, action), nn.functional.pad(draw.Noise.to(Device), [1, 0]));
        var outputs = new List<Tensor>();
        for (var block = 0; block < draw.Count; block++)
        {
            var (member, start, count) = draw[block];
            if (count == 0) continue;
            outputs.Add(Network.ForwardMember(member, inputs.narrow(0, start, count)).Plus(noise.narrow(0, start, count) * Network.LogNoise[member].exp()));
        }

        return Decode(outputs.Count == 0 ? noise : cat(outputs, 0), observation).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over members, rows and outputs of the squared error, in the units of the targets learned.</summary>
    /// <param name="inputs">[rows, observation + action], standardised, on the model's device.</param>
    /// <param name="targets">[rows, 1 + observation], normalised, on the model's device.</param>
    internal double MeanSquaredError(Tensor inputs, Tensor targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var output = empty_like(targets);
        var sum = 0.0;
        for (var member = 0; member < EliteCount; member++)
        {
            ForwardInBlocks(member, inputs, output);
            sum += output.sub_(targets).Squared().mean().to(ScalarType.Float64).item<double>();
        }

        return sum / EliteCount;
    }

    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void RequireAlive() => ObjectDisposedException.ThrowIf(Network.Flat.IsInvalid, typeof(HomoscedasticTransformer));

    private static DynamicsSample Sampled(Tensor outcome) =>
        new(outcome.narrow(1, 1, outcome.size(1) - 1).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope());

    private void ForwardInBlocks(int member, Tensor inputs, Tensor output)
    {
        var blockRows = Device.type == DeviceType.CPU ? CpuBlockRows : GpuBlockRows;
        for (var start = 0L; start < inputs.size(0); start += blockRows)
        {
            using var scope = NewDisposeScope();
            var length = Math.Min(blockRows, inputs.size(0) - start);
            output.narrow(0, start, length).copy_(Network.ForwardMember(member, inputs.narrow(0, start, length)));
        }
    }

    private Tensor Inputs(Tensor observation, Tensor action) => InputScale.Apply(cat([observation, action], 1).to(Device));

    // [..., batch, 1 + observation], from the networks' units to those of the environment.
    private Tensor Decode(Tensor output, Tensor observation) => Codec.Scale!.Invert(output).Plus(nn.functional.pad(observation.to(Device), [1, 0]));

    private long CheckedBatch(Tensor observation, Tensor action)
    {
        RequireAlive();
        var batch = TensorCheck.Matrix(observation, Layout.ObservationSize).size(0);
        return TensorCheck.Matrix(action, Layout.ActionSize).size(0) == batch
            ? batch
            : throw new ArgumentException(Invariant($"There are {batch} observations, but {action.size(0)} actions; give one a row."), nameof(action));
    }

    public void Dispose()
    {
        _sampler?.Dispose();
        Workers?.Dispose();
        Network.Dispose();
        InputScale.Dispose();
        Codec.Dispose();
    }
}
