/// IA32_APIC_BASE, which is a part of the local APIC: RDMSR, WRMSR and CPUID ask for it. [SDM 3A 10.4.3, 10.4.4]
public protocol APICBaseRegister: AnyObject {
    var base: UInt64 { get set }
    /// The global enable bit.
    var isEnabled: Bool { get }
}
