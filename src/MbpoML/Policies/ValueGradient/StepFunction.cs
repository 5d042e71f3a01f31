using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>An imagined step as a node of torch's graph: rewards and next observations, [batch, 1 + observation], of observations and actions.</summary>
internal sealed class StepFunction : autograd.SingleTensorFunction<StepFunction>
{
    private const string Step = "step";

    public override string Name => nameof(StepFunction);

    /// <param name="observation">[batch, observation], environment units</param>
    /// <param name="action">[batch, action], environment units</param>
    /// <param name="step">Imagines; the backward pass comes before its next step.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    public static Tensor Apply(Tensor observation, Tensor action, IDifferentiableStep step, Generator generator)
    {
        if (observation.requires_grad || action.requires_grad) return apply(observation, action, step, generator);
        step.Forward(observation, action, generator);
        return step.Outcome.to(observation.device, copy: true);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var step = (IDifferentiableStep)vars[2];
        var observation = (Tensor)vars[0];
        step.Forward(observation, (Tensor)vars[1], (Generator)vars[3]);
        ctx.save_data(Step, step);
        return step.Outcome.to(observation.device, copy: true);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var step = (IDifferentiableStep)ctx.get_data(Step);
        step.Backward(grad_output.contiguous());
        var device = grad_output.device;
        return [step.ObservationGradient.to(device, copy: true), step.ActionGradient.to(device, copy: true), null!, null!];
    }
}
