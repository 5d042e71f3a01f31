using MbpoML.Acting;
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Policies.Serving;

/// <summary>Serves a policy that is not one of our networks, such as a planner, one call after the other.</summary>
/// <param name="policy">Acts; stays the caller's.</param>
/// <param name="owned">What it needs and nobody else has, disposed with this; null: nothing.</param>
internal sealed class ForeignPolicy(IPolicy policy, IDisposable? owned = null) : ServedPolicy
{
    private readonly Lock _turn = new();

    /// <summary>What acts.</summary>
    public IPolicy Policy => policy;

    public override int ObservationSize => policy.ObservationSize;

    public override BoxSpace ActionSpace => policy.ActionSpace;

    public override Tensor Act(Tensor observation)
    {
        lock (_turn) return Checked(policy.Act(observation), observation.size(0));
    }

    public override Tensor Sample(Tensor observation, Generator generator)
    {
        lock (_turn) return Checked(policy.Sample(observation, generator), observation.size(0));
    }

    public override Tensor Draw(Tensor observation, Tensor noise) =>
        throw new NotSupportedException(
            $"{policy.GetType().Name} is no network of MbpoML, so its transformer takes the most likely actions only; draw by IPolicy.Sample.");

    public override void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var row = tensor(observation.ToArray()).unsqueeze(0);
        var output = noise.IsEmpty ? Act(row) : Draw(row, row);
        output.cpu().data<float>().CopyTo(action);
    }

    // It may remember, as a planner does.
    public override IActor NewActor(IPolicy owner, RowFunction single) => policy.NewActor();

    protected override void Free() => owned?.Dispose();

    private Tensor Checked(Tensor? action, long rows) =>
        action is not null && action.dtype == ScalarType.Float32 && action.dim() == 2 && action.size(0) == rows && action.size(1) == ActionSpace.Size
        ? action
        : throw new InvalidOperationException(
            Invariant($"{policy.GetType().Name} gave {(action is null ? "null" : $"{action.dtype} [{string.Join(", ", action.shape)}]")} as the actions of ") +
            Invariant($"{rows} observations, but must give ") +
            Invariant($"Float32 [{rows}, {ActionSpace.Size}]."));
}
